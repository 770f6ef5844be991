import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { PRUNE, type EvidenceTable } from './evidence.sql.js';

export interface PruneWindow {
  /** Where the window before ended; a walk begins at 0. A decimal, since ids may pass 2^53. */
  readonly afterId: string;
  readonly rows: number;
  readonly keepDays: number;
}

export interface Pruned {
  readonly pruned: number;
  /** Where the next window begins; undefined when everything old has been looked at. */
  readonly nextId: string | undefined;
}

/** Lets go of what was asked and answered long ago, never of an order, its history, its debits or its result. */
@Injectable()
export class EvidenceStore {
  constructor(private readonly database: Database) {}

  async prune(table: EvidenceTable, { afterId, rows, keepDays }: PruneWindow): Promise<Pruned> {
    interface Row {
      pruned: number;
      last_id: string | null;
      may_be_more: boolean;
    }
    const [row] = await this.database.run<Row>(PRUNE[table], [afterId, rows, keepDays]);
    return { pruned: row?.pruned ?? 0, nextId: row?.may_be_more ? (row.last_id ?? undefined) : undefined };
  }
}
