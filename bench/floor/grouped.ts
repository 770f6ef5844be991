import type { Pool } from 'pg';
import type { ColumnTypes } from '../../src/platform/database/columns.js';

/** As the service: items of one statement, and groups on their way at the same time. */
const MOST = 16;
const AT_ONCE = 2;

/** A row to write, whose `id` column the statement gives back. */
export type Row<Columns extends ColumnTypes> = Readonly<Record<keyof Columns, unknown>>;

interface Waiting<Item> {
  readonly id: string;
  readonly item: Item;
  resolve(written: Written | undefined): void;
  reject(error: unknown): void;
}

export interface Written {
  readonly id: string;
  readonly leased?: boolean;
}

/** Commits what comes in the same turn of the event loop, or while others are on their way, in one statement. */
export class Grouped<Columns extends ColumnTypes> {
  private waiting: Waiting<Row<Columns>>[] = [];
  private onTheirWay = 0;
  private isGathering = false;

  constructor(
    private readonly pool: Pool,
    private readonly statement: { readonly name: string; readonly text: string },
  ) {}

  /** What became of it; undefined when it was not written. */
  write(id: string, item: Row<Columns>): Promise<Written | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, item, resolve, reject });
      if (this.isGathering || this.onTheirWay >= AT_ONCE) return;
      this.isGathering = true;
      setImmediate(() => {
        this.isGathering = false;
        while (this.waiting.length > 0 && this.onTheirWay < AT_ONCE) void this.send();
      });
    });
  }

  private async send(): Promise<void> {
    this.onTheirWay += 1;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, MOST);
      try {
        const values = [JSON.stringify(group.map(({ item }) => item))];
        const { rows } = await this.pool.query<Written>({ ...this.statement, values });
        const found = new Map(rows.map((row) => [row.id, row]));
        for (const { id, resolve } of group) resolve(found.get(id));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.onTheirWay -= 1;
  }
}
