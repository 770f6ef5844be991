import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { LOOK } from './record-watch.sql.js';

/** Not checked for longer than this: the service was away, or its records went back to an earlier time. */
const SILENCE_MS = 300_000;
const FRESH_MS = 10_000;
/** No code of an order is scanned again after that. */
const LOST_ORDERS_MS = 86_400_000;

interface FoundGap {
  /** `MOVED`: restored, or a standby was promoted; `SILENCE`: the same position, but not checked for long. */
  readonly gap: 'MOVED' | 'SILENCE';
  readonly seen_at: Date;
  /** How many orders the ledger has to be asked about before they end or are debited. */
  readonly orders: number;
}

/**
 * Notices that commits may have been lost: the database was restored, a standby was promoted, or these records were not
 * checked for a while. From then on the ledger is asked before an order is debited or ends unpaid.
 */
@Injectable()
export class RecordWatch implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** Before the first request, and before anything is swept. */
  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  /** Whether a gap was found just now. Any number of processes may check at any time. */
  async look(): Promise<boolean> {
    const [found] = await this.database.run<FoundGap>(LOOK, [SILENCE_MS, FRESH_MS, LOST_ORDERS_MS]);
    if (!found) return false;
    const { gap, orders } = found;
    const fields = { gap, seenAt: found.seen_at.toISOString(), orders };
    if (gap === 'MOVED') this.log.error('records.gap_found', { ...fields, alarm: true });
    else this.log.warn('records.gap_found', fields);
    return true;
  }
}
