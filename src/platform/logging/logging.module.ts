import { type DynamicModule, Module } from '@nestjs/common';
import { EventLog } from './event-log.js';

/** Gives the whole application the one log that `main.ts` opened before there was an application. */
@Module({})
export class LoggingModule {
  static forRoot(log: EventLog): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      providers: [{ provide: EventLog, useValue: log }],
      exports: [EventLog],
    };
  }
}
