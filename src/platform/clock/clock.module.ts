import { Global, Module } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { ClockWatch } from './clock-watch.js';
import { PeerClocks } from './peer-clocks.js';

@Global()
@Module({
  providers: [
    { provide: PeerClocks, inject: [EventLog], useFactory: (log: EventLog) => new PeerClocks(log) },
    ClockWatch,
  ],
  exports: [PeerClocks],
})
export class ClockModule {}
