import { Injectable } from '@nestjs/common';
import { EVIDENCE_TABLES, type EvidenceTable } from '../payment-order/evidence/evidence.sql.js';
import { EvidenceStore } from '../payment-order/evidence/evidence.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { SweepSettings } from './sweep.settings.js';

const WINDOW_ROWS = 1_000;
/** Of one table in one look: short statements, and 30,000 rows a minute are more than 400 scans a second leave. */
const WINDOWS = 30;
/** When everything old is gone. */
const REST_MS = 3_600_000;
const THE_FIRST = '0';

/** Keeps the tables that grow with every call from growing for ever. Several workers may do so at once. */
@Injectable()
export class EvidenceRetention {
  /** Where each table's walk goes on, so that rows which stay are not looked at again and again. */
  private readonly places = new Map<EvidenceTable, string>();
  private readonly restsUntil = new Map<EvidenceTable, number>();

  constructor(
    private readonly evidence: EvidenceStore,
    private readonly settings: SweepSettings,
    private readonly log: EventLog,
  ) {}

  async prune(): Promise<void> {
    for (const table of EVIDENCE_TABLES) {
      if (performance.now() < (this.restsUntil.get(table) ?? 0)) continue;
      const rows = await this.pruneTable(table);
      if (rows > 0) this.log.event('evidence.pruned', { table, rows });
    }
  }

  private async pruneTable(table: EvidenceTable): Promise<number> {
    const window = { rows: WINDOW_ROWS, keepDays: this.settings.evidenceRetentionDays };
    let sum = 0;
    for (let at = 0; at < WINDOWS; at += 1) {
      const afterId = this.places.get(table) ?? THE_FIRST;
      const { pruned, nextId } = await this.evidence.prune(table, { ...window, afterId });
      sum += pruned;
      if (nextId === undefined) {
        this.places.delete(table);
        this.restsUntil.set(table, performance.now() + REST_MS);
        break;
      }
      this.places.set(table, nextId);
    }
    return sum;
  }
}
