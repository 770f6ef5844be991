import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOTE = `
  -- A note of an operator about a payment. The text may be sealed with another key, or erased; nothing else changes.
  create table payment_note (
    sequence    bigint      generated always as identity,
    note_id     uuid        not null,
    payment_id  uuid        not null,
    at          timestamptz not null,
    actor       text        not null,
    application text        not null,
    person      text,
    text_hash   bytea       not null,
    body        bytea       not null,
    previous_id bigint,
    digest      bytea,
    constraint payment_note_pk primary key (sequence),
    constraint payment_note_uq unique (note_id),
    constraint payment_note_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint payment_note_hash_ck check (octet_length(text_hash) = 32),
    constraint payment_note_body_ck check (octet_length(body) <= 836)
  );
  create index payment_note_payment_ix on payment_note (payment_id, sequence);

  create trigger payment_note_kept_tr before delete on payment_note
    for each row execute function refuse_change();
  create trigger payment_note_append_only_tr before update on payment_note for each row
    when (not ((new.body = old.body or octet_length(new.body) = 0 or (octet_length(old.body) > 0 and is_sealed(new.body)))
      and to_jsonb(old) - 'body' = to_jsonb(new) - 'body'))
    execute function refuse_change();

  -- As for payment_history and operator_action. The digest covers the hash of the text, which stays when the text is
  -- erased.
  create function payment_note_digest() returns trigger language plpgsql as $$
  declare
    last_digest bytea;
  begin
    select sequence, digest into new.previous_id, last_digest from payment_note
    where payment_id = new.payment_id and sequence < new.sequence order by sequence desc limit 1;
    new.digest := record_digest(last_digest, jsonb_build_array(new.sequence::text, new.previous_id::text, new.payment_id,
      (extract(epoch from new.at) * 1000000)::bigint::text, new.note_id, new.actor, new.application, new.person,
      encode(new.text_hash, 'hex'))::text);
    return new;
  end $$;
  create trigger payment_note_digest_tr before insert on payment_note
    for each row execute function payment_note_digest();
`;

const ANCHORS = `
  alter table record_anchor drop constraint record_anchor_record_ck;
  alter table record_anchor add constraint record_anchor_record_ck
    check (record in ('payment_history', 'operator_action', 'payment_note'));
  insert into record_anchor (record, day, rows, digest, chain, made_at)
  values ('payment_note', (db_now() at time zone 'UTC')::date - 1, 0, sha256(''), sha256(''), db_now());
`;

/** The role that runs the service (docs/roles.sql) may insert notes, and change only how their text is stored. */
const RIGHTS = `
  do $$ begin
    if exists (select from pg_roles where rolname = 'mpp_run') then
      revoke update, delete, truncate on payment_note from mpp_run;
      grant update (body) on payment_note to mpp_run;
    end if;
  end $$;
`;

/** Notes of operators about a payment: encrypted, with their author; a changed or deleted row is detected. */
export class PaymentNotes1700000002900 implements MigrationInterface {
  readonly name = 'PaymentNotes1700000002900';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [NOTE, ANCHORS, RIGHTS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_note;
      drop function payment_note_digest();
      alter table record_anchor disable trigger record_anchor_append_only_tr;
      delete from record_anchor where record = 'payment_note';
      alter table record_anchor enable trigger record_anchor_append_only_tr;
      alter table record_anchor drop constraint record_anchor_record_ck;
      alter table record_anchor add constraint record_anchor_record_ck
        check (record in ('payment_history', 'operator_action'));
    `);
  }
}
