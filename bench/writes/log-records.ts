import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** What was written to the log for a table or an index, in bytes. */
interface LoggedRelation {
  readonly table: string;
  /** The table itself has its own name here. */
  readonly relation: string;
  readonly records: number;
  readonly bytes: number;
}

export interface Logged {
  /** Of this database only, largest first. Images of whole pages are not included. */
  readonly relations: readonly LoggedRelation[];
  readonly commits: { readonly records: number; readonly bytes: number };
  /** The sum of all above. */
  readonly bytes: number;
  /** Images of whole pages, which a checkpoint causes and not a payment. */
  readonly pageImageBytes: number;
  readonly pages: number;
}

export interface TableUpdates {
  readonly table: string;
  readonly updates: number;
  /** Those that touched no index. */
  readonly hot: number;
}

/**
 * A record counts for the relation of its first page, with all its bytes except those of page images. Commits name no
 * database, so they are found by their transaction.
 */
const RECORDS = `
  with block as materialized (
    select start_lsn, block_id, relfilenode, relforknumber, relblocknumber, xid, record_length,
      sum(block_fpi_length) over (partition by start_lsn) as images,
      row_number() over (partition by start_lsn order by block_id) as nth
    from pg_get_wal_block_info($1, $2, false)
    where reldatabase = (select oid from pg_database where datname = current_database())),
  relation as (
    select c.relname as relation, coalesce(t.relname, c.relname) as table, pg_relation_filenode(c.oid) as filenode
    from pg_class c left join pg_index i on i.indexrelid = c.oid
      left join pg_class t on t.oid = coalesce(i.indrelid, (select o.oid from pg_class o where o.reltoastrelid = c.oid))
    where pg_relation_filenode(c.oid) is not null),
  commits as (
    select count(*)::int as records, coalesce(sum(record_length - fpi_length), 0)::int as bytes
    from pg_get_wal_records_info($1, $2)
    where resource_manager = 'Transaction' and xid::text in (select xid::text from block))
  select coalesce(r.table, 'others') as table, coalesce(r.relation, 'others') as relation,
    count(*)::int as records, sum(record_length - images)::int as bytes, sum(images)::int as images,
    (select count(distinct (b.relfilenode, b.relblocknumber))::int from block b where b.relforknumber = 0) as pages,
    (select records from commits) as commit_records, (select bytes from commits) as commit_bytes
  from block left join relation r on r.filenode = block.relfilenode
  where nth = 1 group by 1, 2 order by bytes desc`;

interface Row extends LoggedRelation {
  readonly images: number;
  readonly pages: number;
  readonly commit_records: number;
  readonly commit_bytes: number;
}

/** Reads what a database writes to the log of its server, which needs a superuser, and the extension pg_walinspect. */
export class LogRecords {
  private constructor(
    private readonly client: pg.Client,
    private readonly slot: string,
  ) {}

  static async of(url: string): Promise<LogRecords> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('create extension if not exists pg_walinspect');
    // Until it is read, the server may not remove it: checkpoints of other databases would.
    const slot = `log_records_${randomUUID().replaceAll('-', '')}`;
    await client.query('select pg_create_physical_replication_slot($1, true)', [slot]);
    return new LogRecords(client, slot);
  }

  /** The present end of the log; everything committed before is flushed up to there. */
  async position(): Promise<string> {
    // A background process writes commits that nobody waits for.
    await this.client.query('begin; select pg_current_xact_id(); set local synchronous_commit = on; commit');
    const { rows } = await this.client.query<{ lsn: string }>(
      'select pg_current_wal_flush_lsn()::text as lsn',
    );
    return rows[0]?.lsn ?? '';
  }

  async between(from: string, to: string): Promise<Logged> {
    const { rows } = await this.client.query<Row>(RECORDS, [from, to]);
    const [first] = rows;
    const commits = { records: first?.commit_records ?? 0, bytes: first?.commit_bytes ?? 0 };
    return {
      relations: rows.map(({ table, relation, records, bytes }) => ({ table, relation, records, bytes })),
      commits,
      bytes: rows.reduce((sum, { bytes }) => sum + bytes, commits.bytes),
      pageImageBytes: rows.reduce((sum, { images }) => sum + images, 0),
      pages: first?.pages ?? 0,
    };
  }

  /** Since the tables were made. Sessions report their counts when they are idle for a second, or end. */
  async updates(): Promise<TableUpdates[]> {
    const { rows } = await this.client.query<TableUpdates>(`
      select relname as table, n_tup_upd::int as updates, n_tup_hot_upd::int as hot
      from pg_stat_user_tables where schemaname = 'public' and n_tup_upd > 0 order by relname`);
    return rows;
  }

  async close(): Promise<void> {
    await this.client.query('select pg_drop_replication_slot($1)', [this.slot]);
    await this.client.end();
  }
}
