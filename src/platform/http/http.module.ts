import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { DoorProblems } from './door-problems.js';
import { Draining } from './draining.js';
import { Ports } from './ports.js';
import { ProblemFilter } from './problem.filter.js';
import { StrictInputPipe } from './input/strict-input.pipe.js';

/** What every door stands on: strict inputs, one shape for problems, and the way out. */
@Global()
@Module({
  providers: [
    DoorProblems,
    Draining,
    Ports,
    { provide: APP_PIPE, useClass: StrictInputPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [DoorProblems, Draining, Ports],
})
export class HttpModule {}
