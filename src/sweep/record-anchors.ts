import { Injectable } from '@nestjs/common';
import { RecordAnchorStore } from '../payment-order/records/record-anchor.store.js';
import { CHAINED_RECORDS } from '../payment-order/records/record-digests.js';
import { EventLog } from '../platform/logging/event-log.js';

const HOUR_MS = 3_600_000;

/**
 * Writes the digest of each day's rows when the day is over, and logs it: who can change the database cannot change
 * what was logged elsewhere. Several workers may do so at once; one of them keeps it.
 */
@Injectable()
export class RecordAnchors {
  private lastMs = -HOUR_MS;

  constructor(
    private readonly anchors: RecordAnchorStore,
    private readonly log: EventLog,
  ) {}

  /** Once an hour, however often it is called. Returns how many days were anchored. */
  async anchor(): Promise<number> {
    if (performance.now() - this.lastMs < HOUR_MS) return 0;
    this.lastMs = performance.now();
    let days = 0;
    for (const record of CHAINED_RECORDS) {
      for (let anchor; (anchor = await this.anchors.anchorNextDay(record)) !== undefined; days += 1) {
        const { day, rows, digest, chain } = anchor;
        const hex = { digest: digest.toString('hex'), chain: chain.toString('hex') };
        this.log.event('records.anchored', { record, day, rows, ...hex });
      }
    }
    return days;
  }
}
