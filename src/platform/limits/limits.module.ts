import { Global, Module } from '@nestjs/common';
import { Limits } from './limits.js';

/** What one caller may take from the others, for every door. */
@Global()
@Module({ providers: [Limits], exports: [Limits] })
export class LimitsModule {}
