import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evidence tables and their sealed columns; the mark is that of `src/platform/sealing/sealing.ts`. */
const EVIDENCE = {
  decode_exchange: ['answer'],
  notification_attempt: ['answer'],
  inbound_exchange: ['request', 'answer'],
};

/**
 * Keys of personal data, and rules that let a value be sealed with another key or erased. Evidence stays unchanged in
 * all other respects, and a notification keeps its content, which its hash proves.
 */
export class DataKeys1700000002500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table data_key (
        key_id       integer     not null,
        purpose      text        not null,
        wrapping_key text        not null,
        wrapped      bytea       not null,
        created_at   timestamptz not null,
        seals_from   timestamptz not null,
        constraint data_key_pk primary key (key_id),
        constraint data_key_id_ck check (key_id > 0),
        constraint data_key_purpose_ck check (purpose in ('seal', 'digest'))
      );
      -- Empty while a version may still be running that cannot read sealed values: npm run data-keys -- begin.
      create table data_sealing (
        sealing_id  smallint not null,
        sealed_from timestamptz,
        constraint data_sealing_pk primary key (sealing_id),
        constraint data_sealing_single_ck check (sealing_id = 1)
      );
      insert into data_sealing (sealing_id, sealed_from)
      select 1, case when not exists (select 1 from scan) then db_now() end;

      -- Records that a customer's personal data was erased, and by whom: npm run erase-customer.
      create table customer_erasure (
        erasure_id  bigint      generated always as identity,
        customer_id text        not null,
        at          timestamptz not null,
        actor       text        not null,
        reason      text        not null,
        constraint customer_erasure_pk primary key (erasure_id),
        constraint customer_erasure_reason_ck check (char_length(reason) between 1 and 200)
      );
      create trigger customer_erasure_append_only_tr before update or delete on customer_erasure
        for each row execute function refuse_change();

      create function is_sealed(value bytea) returns boolean language sql immutable parallel safe
        as $$ select substring(value from 1 for 4) = '\\x00534501'::bytea $$;
    `);
    await queryRunner.query('alter table scan alter column request_body drop not null');
    await queryRunner.query('alter table payment_order add column sealed_content bytea');
    await queryRunner.query(NOTIFICATION_GUARD);
    await queryRunner.query(refundGuard(` and new.content not like 'hmac:%'`));
    for (const [table, columns] of Object.entries(EVIDENCE))
      await queryRunner.query(guardOf(table, columns.map(sealedOnly), columns));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(EVIDENCE)) await queryRunner.query(guardOf(table, [], []));
    await queryRunner.query(OLD_NOTIFICATION_GUARD);
    await queryRunner.query(refundGuard(''));
    await queryRunner.query(`
      update scan set request_body = '' where request_body is null;
      alter table scan alter column request_body set not null;
      alter table payment_order drop column sealed_content;
      drop function is_sealed(bytea);
      drop table customer_erasure, data_sealing, data_key;
    `);
  }
}

/** Its bytes may be sealed, and deleted once Alipay+ has acknowledged them. */
const NOTIFICATION_GUARD = `
  drop trigger notification_frozen_tr on notification;
  create trigger notification_frozen_tr before update on notification for each row
    when (old.url is distinct from new.url or old.body_sha256 is distinct from new.body_sha256
      or (old.body is distinct from new.body and not is_sealed(new.body)
        and not (octet_length(new.body) = 0 and new.status = 'DELIVERED')))
    execute function notification_guard()`;

const OLD_NOTIFICATION_GUARD = `
  drop trigger notification_frozen_tr on notification;
  create trigger notification_frozen_tr before update on notification for each row
    when (old.body is distinct from new.body or old.url is distinct from new.url
       or old.body_sha256 is distinct from new.body_sha256)
    execute function notification_guard()`;

/** The stored request may be replaced by its keyed hash. */
const refundGuard = (unless: string): string => `
  create or replace function refund_keeps() returns trigger language plpgsql as $$
  begin
    if (new.refund_id, new.refund_request_id, new.payment_id, new.back_currency, new.back_value)
        is distinct from (old.refund_id, old.refund_request_id, old.payment_id, old.back_currency, old.back_value)
      or (new.content <> old.content${unless})
      or (old.status in ('REFUNDED', 'REFUSED') and new.status <> old.status)
    then
      raise exception 'refund % may not change like this', old.refund_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$`;

/** A value may become sealed, by any key, or empty. */
const sealedOnly = (column: string): string =>
  `(new.${column} is not distinct from old.${column} or octet_length(new.${column}) = 0 or is_sealed(new.${column}))`;

/** Refuses every change of a row except in these columns. */
function guardOf(table: string, allowed: readonly string[], columns: readonly string[]): string {
  const rest = (row: string) => columns.reduce((json, column) => `${json} - '${column}'`, `to_jsonb(${row})`);
  const isAllowed = [...allowed, `${rest('old')} = ${rest('new')}`].join(' and ');
  const condition = allowed.length === 0 ? '' : `when (not (${isAllowed}))`;
  return `
    drop trigger ${table}_append_only_tr on ${table};
    create trigger ${table}_append_only_tr before update on ${table}
      for each row ${condition} execute function refuse_change()`;
}
