import { Injectable } from '@nestjs/common';
import {
  classOf,
  FORGOTTEN,
  leavesRows,
  type Forgotten,
  type RetentionClass,
} from '../payment-order/records/retention.sql.js';
import { RetentionStore } from '../payment-order/records/retention.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { RetentionSettings } from './retention.settings.js';

const WINDOW_ROWS = 1_000;
/** Of one walk in one look: short statements, and 30,000 rows a minute are more than 400 scans a second leave. */
const WINDOWS = 30;
/** When everything old is gone. */
const REST_MS = 3_600_000;
/** When everything old is empty: the next walk passes all of it again. */
const LONG_REST_MS = 24 * 3_600_000;

/** Keeps what is there of people, and what grows with every call, from staying for ever. Several workers may do so at once. */
@Injectable()
export class RowRetention {
  /** Where each walk goes on, so that rows which stay are not looked at again and again. */
  private readonly places = new Map<Forgotten, string>();
  private readonly restsUntil = new Map<Forgotten, number>();
  private readonly days: Readonly<Record<RetentionClass, number>>;

  constructor(
    private readonly store: RetentionStore,
    settings: RetentionSettings,
    private readonly log: EventLog,
  ) {
    this.days = {
      evidence: settings.evidenceDays,
      messages: settings.messagesDays,
      orderContent: settings.orderContentDays,
      results: settings.resultsDays,
    };
  }

  async prune(): Promise<void> {
    for (const what of FORGOTTEN) {
      if (performance.now() < (this.restsUntil.get(what) ?? 0)) continue;
      const rows = await this.walkOn(what);
      if (rows > 0) this.log.event('retention.forgotten', { what, rows });
    }
  }

  private async walkOn(what: Forgotten): Promise<number> {
    const window = { rows: WINDOW_ROWS, keepDays: this.days[classOf(what)] };
    let sum = 0;
    for (let at = 0; at < WINDOWS; at += 1) {
      const afterId = this.places.get(what);
      const { pruned, nextId } = await this.store.prune(what, { ...window, afterId });
      sum += pruned;
      if (nextId === undefined) {
        this.places.delete(what);
        this.restsUntil.set(what, performance.now() + (leavesRows(what) ? LONG_REST_MS : REST_MS));
        break;
      }
      this.places.set(what, nextId);
    }
    return sum;
  }
}
