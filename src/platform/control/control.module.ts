import { Global, Module } from '@nestjs/common';
import { ServiceSwitches } from './service-switches.js';

@Global()
@Module({ providers: [ServiceSwitches], exports: [ServiceSwitches] })
export class ControlModule {}
