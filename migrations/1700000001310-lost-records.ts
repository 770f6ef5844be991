import type { MigrationInterface, QueryRunner } from 'typeorm';

const WATCH = `
  -- Where these records are stored: the cluster, the database, this copy of it, and how often a standby was
  -- promoted. It changes with a restore and with a promotion. Parts that a provider does not let us read are left out.
  create function record_place() returns text language plpgsql stable as $$
  declare
    cluster  text := '';
    timeline text := '';
  begin
    begin
      select system_identifier into cluster from pg_control_system();
    exception when others then null;
    end;
    begin
      timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    exception when others then null;
    end;
    return concat_ws('/', cluster, (select oid from pg_database where datname = current_database()),
      pg_relation_filenode('record_watch'), timeline);
  end $$;

  -- One row: the place of the records at the last check, and until when an order may be one whose records were lost.
  create table record_watch (
    watch_id  smallint    not null,
    place     text,
    seen_at   timestamptz,
    ask_until timestamptz not null,
    constraint record_watch_pk primary key (watch_id),
    constraint record_watch_single_ck check (watch_id = 1)
  );
  insert into record_watch (watch_id, ask_until) values (1, 'epoch');
`;

const ORDERS = `
  -- True while the ledger may know a debit of this order that our records have lost.
  alter table payment_order add ask_ledger boolean not null default false;
  -- False for a debit that nobody confirmed: it only finds out what the ledger has under its key.
  alter table debit add confirmed boolean not null default true;
`;

/** Detects lost records, and marks the orders for which the ledger must be asked because of it. */
export class LostRecords1700000001310 implements MigrationInterface {
  readonly name = 'LostRecords1700000001310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WATCH);
    await runner.query(ORDERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table debit drop confirmed');
    await runner.query('alter table payment_order drop ask_ledger');
    await runner.query('drop table record_watch');
    await runner.query('drop function record_place');
  }
}
