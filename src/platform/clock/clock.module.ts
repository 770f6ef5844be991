import { Global, Module } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { ClockLimit } from './clock-limit.js';
import { ClockWatch } from './clock-watch.js';
import { PeerClocks } from './peer-clocks.js';

@Global()
@Module({
  providers: [
    { provide: PeerClocks, inject: [EventLog], useFactory: (log: EventLog) => new PeerClocks(log) },
    ClockLimit,
    ClockWatch,
  ],
  exports: [PeerClocks, ClockLimit],
})
export class ClockModule {}
