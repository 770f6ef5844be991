import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.js';
import { firstIdOf, FORGOTTEN, pruneOf, type Forgotten } from './retention.sql.js';

export interface PruneWindow {
  /** Where the window before ended; undefined begins a walk. A text, since ids may pass 2^53. */
  readonly afterId: string | undefined;
  readonly rows: number;
  readonly keepDays: number;
}

export interface Pruned {
  readonly pruned: number;
  /** Where the next window begins; undefined when everything old has been looked at. */
  readonly nextId: string | undefined;
}

const STATEMENTS = new Map<Forgotten, Statement>(FORGOTTEN.map((what) => [what, pruneOf(what)]));

/** Lets go of what is too old; never of an order, its history, its debits, or what somebody still works on. */
@Injectable()
export class RetentionStore {
  constructor(private readonly database: Database) {}

  async prune(what: Forgotten, { afterId = firstIdOf(what), rows, keepDays }: PruneWindow): Promise<Pruned> {
    interface Row {
      readonly pruned: number;
      readonly last_id: string | null;
      readonly may_be_more: boolean;
    }
    const statement = STATEMENTS.get(what) ?? pruneOf(what);
    const [row] = await this.database.run<Row>(statement, [afterId, rows, keepDays]);
    return { pruned: row?.pruned ?? 0, nextId: row?.may_be_more ? (row.last_id ?? undefined) : undefined };
  }
}
