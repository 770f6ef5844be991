import pg from 'pg';
import { parentOf, treeMs } from './processor-use.js';

export interface Worked<Result> {
  readonly result: Result;
  /** Of all its processes. */
  readonly cpuMs: number;
  readonly walBytes: number;
}

/** What a PostgreSQL on this machine does for all its databases while something else is done. */
export class PostgresWork {
  private constructor(
    private readonly client: pg.Client,
    private readonly postmaster: number,
  ) {}

  static async on(url: string): Promise<PostgresWork> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = parentOf(rows[0]?.pid ?? 0);
    if (postmaster === undefined) throw new Error('PostgreSQL has to run on this machine to be measured');
    return new PostgresWork(client, postmaster);
  }

  /**
   * A checkpoint goes before, so that every page that is touched for the first time goes to the log as a whole, for
   * whoever is measured; and one comes after and counts: the pages that were made dirty have to be written.
   */
  async betweenCheckpoints<Result>(work: () => Promise<Result>): Promise<Worked<Result>> {
    await this.client.query('checkpoint');
    const [cpuBefore, walBefore] = [this.cpuMs(), await this.walBytes()];
    const result = await work();
    await this.client.query('checkpoint');
    return { result, cpuMs: this.cpuMs() - cpuBefore, walBytes: (await this.walBytes()) - walBefore };
  }

  cpuMs(): number {
    return treeMs(this.postmaster);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async walBytes(): Promise<number> {
    const text = `select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes`;
    const { rows } = await this.client.query<{ bytes: number }>(text);
    return rows[0]?.bytes ?? Number.NaN;
  }
}
