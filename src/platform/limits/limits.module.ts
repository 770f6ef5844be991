import { Global, Module } from '@nestjs/common';
import { Limits } from './limits.js';

/** The limits of one caller, for every door. */
@Global()
@Module({ providers: [Limits], exports: [Limits] })
export class LimitsModule {}
