import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `id` is the key of the table; `content` is covered by the digest, besides the digest of the previous row. */
const chained = (table: string, id: string, content: string): string => `
  alter table ${table} add column previous_id bigint, add column digest bytea;

  -- Each row names the newest row of its payment that it could see, and covers that row's digest. Two rows written
  -- at the same moment may name the same one: nothing waits here.
  create function ${table}_digest() returns trigger language plpgsql as $$
  declare
    last_digest bytea;
  begin
    select ${id}, digest into new.previous_id, last_digest from ${table}
    where payment_id = new.payment_id and ${id} < new.${id} order by ${id} desc limit 1;
    new.digest := record_digest(last_digest, jsonb_build_array(${content})::text);
    return new;
  end $$;
  create trigger ${table}_digest_tr before insert on ${table} for each row execute function ${table}_digest();
`;

const micros = `(extract(epoch from new.at) * 1000000)::bigint::text`;

const UP = `
  create function record_digest(previous bytea, content text) returns bytea language sql immutable parallel safe
    as $$ select sha256(coalesce(previous, ''::bytea) || convert_to(content, 'UTF8')) $$;

  ${chained(
    'payment_history',
    'history_id',
    `new.history_id::text, new.previous_id::text, new.payment_id, ${micros}, new.event, new.from_status, new.to_status,
      new.actor, new.detail`,
  )}
  ${chained(
    'operator_action',
    'action_id',
    `new.action_id::text, new.previous_id::text, new.payment_id, ${micros}, new.actor, new.act, new.reason, new.outcome,
      new.why, new.before, new.after`,
  )}

  -- The digest of each day's rows, made after the day.
  create table record_anchor (
    record  text        not null,
    day     date        not null,
    rows    bigint      not null,
    digest  bytea       not null,
    chain   bytea       not null,
    made_at timestamptz not null,
    constraint record_anchor_pk primary key (record, day),
    constraint record_anchor_record_ck check (record in ('payment_history', 'operator_action'))
  );
  -- Digests begin here: no row before has one.
  insert into record_anchor (record, day, rows, digest, chain, made_at)
  select record, (db_now() at time zone 'UTC')::date - 1, 0, sha256(''), sha256(''), db_now()
  from unnest(array['payment_history', 'operator_action']) record;
  create trigger record_anchor_append_only_tr before update or delete on record_anchor
    for each row execute function refuse_change();

  -- The role that runs the service (docs/roles.sql) may insert them, and nothing else.
  do $$ begin
    if exists (select from pg_roles where rolname = 'mpp_run') then
      revoke update, delete, truncate on payment_history, operator_action, record_anchor from mpp_run;
    end if;
  end $$;
`;

/** Detects a row of the history that was changed, removed or inserted, and a day with such a row. */
export class HistoryDigests1700000002300 implements MigrationInterface {
  readonly name = 'HistoryDigests1700000002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table record_anchor;
      drop trigger payment_history_digest_tr on payment_history;
      drop trigger operator_action_digest_tr on operator_action;
      drop function payment_history_digest(), operator_action_digest(), record_digest(bytea, text);
      alter table payment_history drop column previous_id, drop column digest;
      alter table operator_action drop column previous_id, drop column digest;
    `);
  }
}
