import type { MigrationInterface, QueryRunner } from 'typeorm';

const REFUND = `
  -- Every refund that Alipay+ ever requested, also a refused one and one for an order we do not know: the same id
  -- gets the same answer for ever. The key of the ledger is refund_id, which is made of the two ids of Alipay+.
  create table refund (
    refund_id            uuid        not null,
    refund_request_id    text        not null,
    payment_request_id   text        not null,
    payment_id           uuid,
    status               text        not null,
    refund_currency      char(3)     not null,
    refund_value         numeric     not null,
    refund_from_currency char(3),
    refund_from_value    numeric,
    back_currency        char(3),
    back_value           numeric,
    content              text        not null,
    quote_id             text,
    amount_flag          text,
    result_code          text,
    result_message       text,
    refusal_code         text,
    ledger_reference     text,
    refund_time          text,
    unknown_reason       text,
    tries                integer     not null default 0,
    next_attempt_at      timestamptz,
    lease_until          timestamptz,
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    constraint refund_pk primary key (refund_id),
    constraint refund_request_uq unique (refund_request_id),
    constraint refund_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint refund_id_ck check (
      char_length(refund_request_id) between 1 and 64 and char_length(payment_request_id) between 1 and 64),
    constraint refund_status_ck check (status in ('REQUESTED', 'REFUNDED', 'REFUSED', 'IN_DOUBT')),
    constraint refund_values_ck check (
      refund_value >= 1 and refund_value = trunc(refund_value) and refund_from_value >= 1
      and refund_from_value = trunc(refund_from_value) and back_value >= 1 and back_value = trunc(back_value)),
    constraint refund_back_ck check (
      status = 'REFUSED' or (payment_id is not null and back_currency is not null and back_value is not null)),
    constraint refund_refusal_ck check ((status = 'REFUSED') = (result_code is not null)),
    constraint refund_done_ck check ((status = 'REFUNDED') = (refund_time is not null)),
    constraint refund_due_ck check ((status in ('REQUESTED', 'IN_DOUBT')) = (next_attempt_at is not null))
  );
  create index refund_payment_ix on refund (payment_id);
  create index refund_due_ix on refund (next_attempt_at) where next_attempt_at is not null;
`;

const KEY = `
  -- The key under which the ledger knows a refund, made of ids that the network keeps. The length comes first, so
  -- that no two pairs of ids can give the same name.
  create function refund_key(payment_request_id text, refund_request_id text) returns uuid
    language sql immutable strict parallel safe
    as $$ select uuid_of_name('refund ' || char_length(payment_request_id)::text || ' ' || payment_request_id || ' '
      || refund_request_id) $$;
`;

const BOUND = `
  -- The last check, in the database: whatever the service decided, refunds never exceed the payment, and nothing is
  -- given back twice by a cancel and a refund. The order's row is locked first, as every refund and cancel locks it.
  create function refund_within_payment() returns trigger language plpgsql as $$
  declare
    paid payment_order;
    back numeric;
  begin
    select * into paid from payment_order where payment_id = new.payment_id for no key update;
    select sum(back_value) into back from refund
      where payment_id = new.payment_id and status <> 'REFUSED' and refund_id <> new.refund_id;
    if paid.status <> 'PAID' or paid.cancel_requested_at is not null
      or new.back_currency <> paid.pay_currency or coalesce(back, 0) + new.back_value > paid.pay_value
    then
      raise exception 'refund % is not within payment %', new.refund_id, new.payment_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$;
  create trigger refund_within_payment_tr before insert on refund
    for each row when (new.status <> 'REFUSED') execute function refund_within_payment();

  -- The request of a refund never changes, and a refused or completed refund stays so.
  create function refund_keeps() returns trigger language plpgsql as $$
  begin
    if (new.refund_id, new.refund_request_id, new.payment_id, new.back_currency, new.back_value, new.content)
        is distinct from (old.refund_id, old.refund_request_id, old.payment_id, old.back_currency, old.back_value, old.content)
      or (old.status in ('REFUNDED', 'REFUSED') and new.status <> old.status)
    then
      raise exception 'refund % may not change like this', old.refund_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$;
  create trigger refund_keeps_tr before update on refund for each row execute function refund_keeps();
`;

const EVIDENCE = `
  alter table inbound_exchange drop constraint inbound_exchange_api_ck;
  alter table inbound_exchange add constraint inbound_exchange_api_ck
    check (api in ('inquiryPayment', 'cancelPayment', 'refund', 'inquiryRefund')) not valid;
`;

const SWEEP = `
  alter table sweep_rest drop constraint sweep_rest_kind_ck;
  alter table sweep_rest add constraint sweep_rest_kind_ck
    check (kind in ('decode', 'debit', 'notify', 'expiry', 'cancel', 'refund'));
`;

const LEDGER = `
  -- A refund gives back a part of a debit. It has a key of its own; debit_key names the debit.
  alter table ledger_movement add column debit_key text;
  alter table ledger_movement drop constraint ledger_movement_kind_ck;
  alter table ledger_movement add constraint ledger_movement_kind_ck
    check (kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUSAL', 'CLOSED', 'REFUND', 'REFUND_REFUSAL'));
  alter table ledger_movement drop constraint ledger_movement_refusal_ck;
  alter table ledger_movement add constraint ledger_movement_refusal_ck
    check ((kind in ('REFUSAL', 'REFUND_REFUSAL')) = (refusal_code is not null));
  alter table ledger_movement drop constraint ledger_movement_content_ck;
  alter table ledger_movement add constraint ledger_movement_content_ck check (
    (kind = 'CLOSED' and num_nonnulls(customer_id, currency, amount) = 0) or
    (kind = 'REFUND_REFUSAL' and num_nulls(currency, amount) = 0) or
    (kind not in ('CLOSED', 'REFUND_REFUSAL') and num_nulls(customer_id, currency, amount) = 0));
  alter table ledger_movement add constraint ledger_movement_debit_ck
    check ((kind in ('REFUND', 'REFUND_REFUSAL')) = (debit_key is not null));
  -- After a full refund the reversal of a debit has nothing left to give back, so its amount is zero.
  alter table ledger_movement drop constraint ledger_movement_amount_ck;
  alter table ledger_movement add constraint ledger_movement_amount_ck
    check (amount = trunc(amount) and (amount >= 1 or kind = 'REVERSAL' and amount = 0));
  create unique index ledger_movement_refund_uq on ledger_movement (key) where kind in ('REFUND', 'REFUND_REFUSAL');
  create index ledger_movement_refunds_ix on ledger_movement (debit_key) where kind = 'REFUND';

  -- Returns the movement recorded under the key, whoever wrote it; the caller compares. The customer's account is
  -- locked before anything is summed, so that refunds and a reversal of one debit follow each other.
  create function ledger_refund(movement uuid, of_key text, of_debit text, in_currency text, of_amount numeric,
      about text) returns ledger_movement language plpgsql as $$
  declare
    recorded ledger_movement;
    debited  ledger_key;
    account  ledger_account;
    taken    numeric;
  begin
    select * into recorded from ledger_movement where key = of_key and kind in ('REFUND', 'REFUND_REFUSAL');
    if found then
      return recorded;
    end if;
    select * into debited from ledger_key where key = of_debit and kind = 'DEBIT';
    account := ledger_lock_account(debited.customer_id, debited.currency);
    select * into debited from ledger_key where key = of_debit and kind = 'DEBIT';
    select coalesce(sum(amount), 0) into taken from ledger_movement where debit_key = of_debit and kind = 'REFUND';
    if debited.key is null or debited.reversal_id is not null or debited.currency <> in_currency
      or taken + of_amount > debited.amount
    then
      insert into ledger_movement
          (movement_id, key, kind, customer_id, currency, amount, refusal_code, description, created_at, debit_key)
        values (movement, of_key, 'REFUND_REFUSAL', debited.customer_id, in_currency, of_amount, 'REFUSED', about,
                db_now(), of_debit)
        on conflict (key) where kind in ('REFUND', 'REFUND_REFUSAL') do nothing;
    else
      insert into ledger_movement (movement_id, key, kind, customer_id, currency, amount, description, created_at, debit_key)
        values (movement, of_key, 'REFUND', debited.customer_id, in_currency, of_amount, about, db_now(), of_debit)
        on conflict (key) where kind in ('REFUND', 'REFUND_REFUSAL') do nothing;
      if found then
        perform ledger_post(movement, account.account_id, of_amount, 'SETTLEMENT', in_currency);
      end if;
    end if;
    select * into strict recorded from ledger_movement where key = of_key and kind in ('REFUND', 'REFUND_REFUSAL');
    return recorded;
  end $$;
`;

/** As in the first version: a reversal gives back all that its debit took. */
const REVERSE_ALL = reverse(`known.amount`);

/** A reversal gives back the rest after refunds; when nothing is left, the key is closed and nothing moves. */
const REVERSE_REST = reverse(`known.amount - (
      select coalesce(sum(r.amount), 0) from ledger_movement r where r.debit_key = of_key and r.kind = 'REFUND')`);

function reverse(rest: string): string {
  return `
  create or replace function ledger_reverse(movement uuid, of_key text, reason text) returns ledger_key language plpgsql as $$
  declare
    known   ledger_key;
    account ledger_account;
    rest    numeric;
  begin
    insert into ledger_movement (movement_id, key, kind, description, created_at)
      values (movement, of_key, 'CLOSED', reason, db_now())
      on conflict (key) where kind in ('DEBIT', 'REFUSAL', 'CLOSED') do nothing;
    select * into strict known from ledger_key where key = of_key;
    if known.kind <> 'DEBIT' or known.reversal_id is not null then
      return known;
    end if;
    account := ledger_lock_account(known.customer_id, known.currency);
    rest := ${rest};
    insert into ledger_movement (movement_id, key, kind, customer_id, currency, amount, description, created_at)
      values (movement, of_key, 'REVERSAL', known.customer_id, known.currency, rest, reason, db_now())
      on conflict (key) where kind = 'REVERSAL' do nothing;
    if found and rest > 0 then
      perform ledger_post(movement, account.account_id, rest, 'SETTLEMENT', known.currency);
    end if;
    select * into strict known from ledger_key where key = of_key;
    return known;
  end $$;`;
}

const CHECK_WITHOUT = check({
  moved: `m.kind in ('DEBIT', 'REVERSAL', 'DEPOSIT')`,
  unmoved: `m.kind in ('REFUSAL', 'CLOSED')`,
  left: 'd.amount',
  more: '',
});

const CHECK_WITH = check({
  moved: `m.kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUND') and m.amount > 0`,
  unmoved: `(m.kind in ('REFUSAL', 'CLOSED', 'REFUND_REFUSAL') or m.amount = 0)`,
  left: `d.amount - (select coalesce(sum(f.amount), 0) from ledger_movement f
           where f.debit_key = r.key and f.kind = 'REFUND')`,
  more: `
    union all
    select 'REFUND_WITHOUT_ITS_DEBIT', f.movement_id::text, f.key
      from ledger_movement f left join ledger_movement d on d.key = f.debit_key and d.kind = 'DEBIT'
      where f.kind = 'REFUND' and (f.customer_id, f.currency) is distinct from (d.customer_id, d.currency)
    union all
    select 'REFUNDS_EXCEED_THEIR_DEBIT', d.movement_id::text, d.key
      from ledger_movement d join ledger_movement f on f.debit_key = d.key and f.kind = 'REFUND'
      where d.kind = 'DEBIT' group by d.movement_id, d.key, d.amount having sum(f.amount) > d.amount`,
});

interface Audit {
  readonly moved: string;
  readonly unmoved: string;
  readonly left: string;
  readonly more: string;
}

function check({ moved, unmoved, left, more }: Audit): string {
  return `
  create or replace function ledger_check() returns table (fault text, subject text, detail text)
    language sql stable as $$
    select 'BALANCE_DIFFERS_FROM_ENTRIES', a.account_id::text, a.balance || ' <> ' || coalesce(sum(e.amount), 0)
      from ledger_account a left join ledger_entry e using (account_id)
      group by a.account_id having a.balance <> coalesce(sum(e.amount), 0)
    union all
    select 'MOVEMENT_NOT_ZERO', e.movement_id::text, a.currency || ' ' || sum(e.amount)
      from ledger_entry e join ledger_account a using (account_id)
      group by e.movement_id, a.currency having sum(e.amount) <> 0
    union all
    select 'ENTRIES_DIFFER_FROM_MOVEMENT', m.movement_id::text, m.kind || ' ' || coalesce(m.amount, 0)
      from ledger_movement m left join (
        select e.movement_id, a.customer_id, a.currency, e.amount
        from ledger_entry e join ledger_account a using (account_id) where a.kind = 'CUSTOMER') e using (movement_id)
      where (m.customer_id, m.currency, case m.kind when 'DEBIT' then -m.amount else m.amount end)
        is distinct from (e.customer_id, e.currency, e.amount) and ${moved}
        or e.movement_id is not null and ${unmoved}
    union all
    select 'REVERSAL_WITHOUT_ITS_DEBIT', r.movement_id::text, r.key
      from ledger_movement r left join ledger_movement d on d.key = r.key and d.kind = 'DEBIT'
      where r.kind = 'REVERSAL'
        and (r.customer_id, r.currency, r.amount) is distinct from (d.customer_id, d.currency, ${left})${more}
  $$;`;
}

/** Refunds: the requests of Alipay+ for paid orders, and their movements in the embedded ledger. */
export class Refunds1700000001400 implements MigrationInterface {
  readonly name = 'Refunds1700000001400';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [REFUND, KEY, BOUND, EVIDENCE, SWEEP, LEDGER, REVERSE_REST, CHECK_WITH])
      await runner.query(part);
  }

  /** Fails where the embedded ledger has refunded something: no record of money is dropped. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(CHECK_WITHOUT);
    await runner.query(REVERSE_ALL);
    await runner.query(`
      drop function ledger_refund;
      drop index ledger_movement_refunds_ix;
      drop index ledger_movement_refund_uq;
      alter table ledger_movement drop constraint ledger_movement_debit_ck;
      alter table ledger_movement drop constraint ledger_movement_amount_ck;
      alter table ledger_movement add constraint ledger_movement_amount_ck
        check (amount >= 1 and amount = trunc(amount));
      alter table ledger_movement drop constraint ledger_movement_content_ck;
      alter table ledger_movement add constraint ledger_movement_content_ck check (
        (kind = 'CLOSED' and num_nonnulls(customer_id, currency, amount) = 0) or
        (kind <> 'CLOSED' and num_nulls(customer_id, currency, amount) = 0));
      alter table ledger_movement drop constraint ledger_movement_refusal_ck;
      alter table ledger_movement add constraint ledger_movement_refusal_ck
        check ((kind = 'REFUSAL') = (refusal_code is not null));
      alter table ledger_movement drop constraint ledger_movement_kind_ck;
      alter table ledger_movement add constraint ledger_movement_kind_ck
        check (kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUSAL', 'CLOSED'));
      alter table ledger_movement drop column debit_key;
      delete from sweep_rest where kind = 'refund';
      alter table sweep_rest drop constraint sweep_rest_kind_ck;
      alter table sweep_rest add constraint sweep_rest_kind_ck
        check (kind in ('decode', 'debit', 'notify', 'expiry', 'cancel'));
      delete from inbound_exchange where api in ('refund', 'inquiryRefund');
      alter table inbound_exchange drop constraint inbound_exchange_api_ck;
      alter table inbound_exchange add constraint inbound_exchange_api_ck
        check (api in ('inquiryPayment', 'cancelPayment')) not valid;
      drop table refund;
      drop function refund_keeps(), refund_within_payment(), refund_key;
    `);
  }
}
