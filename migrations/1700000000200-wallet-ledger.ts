import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table ledger_customer (
    customer_id     text          not null,
    blocked         boolean       not null,
    opening_balance numeric(40,0),
    constraint ledger_customer_pk primary key (customer_id),
    constraint ledger_customer_id_ck check (char_length(customer_id) between 1 and 64),
    constraint ledger_customer_opening_ck check (opening_balance >= 1)
  );

  create table ledger_account (
    account_id  uuid          not null,
    kind        text          not null,
    customer_id text,
    currency    text          not null,
    slot        smallint      not null,
    balance     numeric(40,0) not null,
    constraint ledger_account_pk primary key (account_id),
    constraint ledger_account_customer_fk foreign key (customer_id) references ledger_customer (customer_id),
    constraint ledger_account_kind_ck check (kind in ('CUSTOMER', 'SETTLEMENT', 'FUNDING')),
    constraint ledger_account_owner_ck check ((kind = 'CUSTOMER') = (customer_id is not null)),
    constraint ledger_account_currency_ck check (currency ~ '^[A-Z]{3}$'),
    constraint ledger_account_slot_ck check (slot between 0 and 15 and (kind <> 'CUSTOMER' or slot = 0)),
    constraint ledger_account_never_negative_ck check (kind <> 'CUSTOMER' or balance >= 0)
  );
  create unique index ledger_account_customer_uq on ledger_account (customer_id, currency)
    where kind = 'CUSTOMER';
  -- The ledger's own side has sixteen accounts of each kind and currency: with one, every debit of a currency would
  -- wait for the commit of the debit before it.
  create unique index ledger_account_house_uq on ledger_account (kind, currency, slot) where customer_id is null;

  -- The amount of a movement has no upper limit, so that any debit asked for can be recorded as refused.
  create table ledger_movement (
    movement_id  uuid        not null,
    key          text        not null,
    kind         text        not null,
    customer_id  text,
    currency     text,
    amount       numeric,
    refusal_code text,
    description  text        not null,
    created_at   timestamptz not null,
    constraint ledger_movement_pk primary key (movement_id),
    constraint ledger_movement_key_ck check (char_length(key) between 1 and 128),
    constraint ledger_movement_kind_ck check (kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUSAL', 'CLOSED')),
    constraint ledger_movement_amount_ck check (amount >= 1 and amount = trunc(amount)),
    constraint ledger_movement_content_ck check (
      (kind = 'CLOSED' and num_nonnulls(customer_id, currency, amount) = 0) or
      (kind <> 'CLOSED' and num_nulls(customer_id, currency, amount) = 0)),
    constraint ledger_movement_refusal_ck check ((kind = 'REFUSAL') = (refusal_code is not null))
  );
  -- A key is answered once: by a debit, by a refusal, or by a reversal that came before any debit.
  create unique index ledger_movement_answer_uq on ledger_movement (key)
    where kind in ('DEBIT', 'REFUSAL', 'CLOSED');
  create unique index ledger_movement_reversal_uq on ledger_movement (key) where kind = 'REVERSAL';
  create unique index ledger_movement_deposit_uq on ledger_movement (key) where kind = 'DEPOSIT';

  create table ledger_entry (
    movement_id uuid          not null,
    account_id  uuid          not null,
    amount      numeric(40,0) not null,
    constraint ledger_entry_pk primary key (movement_id, account_id),
    constraint ledger_entry_movement_fk foreign key (movement_id) references ledger_movement (movement_id),
    constraint ledger_entry_account_fk foreign key (account_id) references ledger_account (account_id),
    constraint ledger_entry_amount_ck check (amount <> 0)
  );
  create index ledger_entry_account_ix on ledger_entry (account_id);
`;

const RULES = `
  create trigger ledger_movement_append_only_tr before update or delete on ledger_movement
    for each row execute function refuse_change();
  create trigger ledger_entry_append_only_tr before update or delete on ledger_entry
    for each row execute function refuse_change();

  -- Checked at commit, because the two sides of a movement are two rows. The currency is looked up entry by entry:
  -- as a join, a database without statistics yet would read every account.
  create function ledger_movement_balanced() returns trigger language plpgsql as $$
  begin
    if exists (
      select from ledger_entry e where e.movement_id = new.movement_id
      group by (select a.currency from ledger_account a where a.account_id = e.account_id)
      having sum(e.amount) <> 0)
    then
      raise exception 'the entries of movement % do not sum to zero', new.movement_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;
  create constraint trigger ledger_entry_balanced_tr after insert on ledger_entry
    deferrable initially deferred for each row execute function ledger_movement_balanced();

  -- The final state of each key: its one answer, and the reversal that followed a debit.
  create view ledger_key as
    select a.key, a.kind, a.movement_id, a.customer_id, a.currency, a.amount, a.refusal_code,
           r.movement_id as reversal_id
    from ledger_movement a left join ledger_movement r on r.key = a.key and r.kind = 'REVERSAL'
    where a.kind in ('DEBIT', 'REFUSAL', 'CLOSED');
`;

const POSTING = `
  create function ledger_house_account(of_kind text, in_currency text, in_slot smallint) returns uuid
    language plpgsql as $$
  declare
    house uuid;
  begin
    select account_id into house from ledger_account
      where kind = of_kind and currency = in_currency and slot = in_slot and customer_id is null;
    if not found then
      insert into ledger_account (account_id, kind, currency, slot, balance)
        values (gen_random_uuid(), of_kind, in_currency, in_slot, 0)
        on conflict (kind, currency, slot) where customer_id is null do nothing;
      select account_id into strict house from ledger_account
        where kind = of_kind and currency = in_currency and slot = in_slot and customer_id is null;
    end if;
    return house;
  end $$;

  -- Every movement locks the customer's account first and the ledger's own account last, so no two can deadlock. The
  -- entries come after both balances: their foreign keys would otherwise share-lock the ledger's account, and updates
  -- of an account that many have share-locked cost several times as much.
  create function ledger_post(movement uuid, customer_account uuid, change numeric, house_kind text, in_currency text)
    returns void language plpgsql as $$
  declare
    house uuid;
  begin
    update ledger_account set balance = balance + change where account_id = customer_account;
    house := ledger_house_account(house_kind, in_currency, (hashtext(customer_account::text) & 15)::smallint);
    update ledger_account set balance = balance - change where account_id = house;
    insert into ledger_entry (movement_id, account_id, amount)
      values (movement, customer_account, change), (movement, house, -change);
  end $$;

  -- The customer's account, locked until the movement is committed; null when there is none.
  create function ledger_lock_account(of_customer text, in_currency text) returns ledger_account language plpgsql as $$
  declare
    account ledger_account;
  begin
    select * into account from ledger_account
      where kind = 'CUSTOMER' and customer_id = of_customer and currency = in_currency for no key update;
    return account;
  end $$;

  -- Opens an account; a customer with an opening balance gets that money as a movement.
  create function ledger_open_account(of_customer text, in_currency text) returns void language plpgsql as $$
  declare
    opened  uuid;
    deposit uuid := gen_random_uuid();
    opening numeric;
  begin
    insert into ledger_account (account_id, kind, customer_id, currency, slot, balance)
      values (gen_random_uuid(), 'CUSTOMER', of_customer, in_currency, 0, 0)
      on conflict (customer_id, currency) where kind = 'CUSTOMER' do nothing
      returning account_id into opened;
    select opening_balance into opening from ledger_customer where customer_id = of_customer;
    if opened is null or opening is null then
      return;
    end if;
    insert into ledger_movement (movement_id, key, kind, customer_id, currency, amount, description, created_at)
      values (deposit, 'opening:' || opened, 'DEPOSIT', of_customer, in_currency, opening, 'opening balance',
              db_now());
    perform ledger_post(deposit, opened, opening, 'FUNDING', in_currency);
  end $$;
`;

const MOVEMENTS = `
  -- Returns the final state of the key. Calls with one key meet at its unique index: one of them writes, the others
  -- wait for its commit, write nothing and read its answer. The time is read after the account is locked.
  create function ledger_debit(movement uuid, of_key text, of_customer text, in_currency text, of_amount numeric,
      not_after timestamptz, about text) returns ledger_key language plpgsql as $$
  declare
    known    ledger_key;
    customer ledger_customer;
    account  ledger_account;
    refusal  text;
  begin
    select * into known from ledger_key where key = of_key;
    if found then
      return known;
    end if;
    select * into customer from ledger_customer where customer_id = of_customer;
    account := ledger_lock_account(of_customer, in_currency);
    if account.account_id is null and customer.opening_balance is not null then
      perform ledger_open_account(of_customer, in_currency);
      account := ledger_lock_account(of_customer, in_currency);
    end if;
    refusal := case
      when db_now() > not_after then 'TOO_LATE'
      when customer.customer_id is null then 'CUSTOMER_NOT_FOUND'
      when customer.blocked then 'CUSTOMER_BLOCKED'
      when account.account_id is null then 'CURRENCY_NOT_SUPPORTED'
      when account.balance < of_amount then 'INSUFFICIENT_BALANCE'
    end;
    insert into ledger_movement
        (movement_id, key, kind, customer_id, currency, amount, refusal_code, description, created_at)
      values (movement, of_key, case when refusal is null then 'DEBIT' else 'REFUSAL' end, of_customer, in_currency,
              of_amount, refusal, about, db_now())
      on conflict (key) where kind in ('DEBIT', 'REFUSAL', 'CLOSED') do nothing;
    if found and refusal is null then
      perform ledger_post(movement, account.account_id, -of_amount, 'SETTLEMENT', in_currency);
    end if;
    select * into strict known from ledger_key where key = of_key;
    return known;
  end $$;

  -- Closes a key under which nothing was debited; a later debit with this key finds the tombstone.
  create function ledger_reverse(movement uuid, of_key text, reason text) returns ledger_key language plpgsql as $$
  declare
    known   ledger_key;
    account ledger_account;
  begin
    insert into ledger_movement (movement_id, key, kind, description, created_at)
      values (movement, of_key, 'CLOSED', reason, db_now())
      on conflict (key) where kind in ('DEBIT', 'REFUSAL', 'CLOSED') do nothing;
    select * into strict known from ledger_key where key = of_key;
    if known.kind <> 'DEBIT' or known.reversal_id is not null then
      return known;
    end if;
    account := ledger_lock_account(known.customer_id, known.currency);
    insert into ledger_movement (movement_id, key, kind, customer_id, currency, amount, description, created_at)
      values (movement, of_key, 'REVERSAL', known.customer_id, known.currency, known.amount, reason, db_now())
      on conflict (key) where kind = 'REVERSAL' do nothing;
    if found then
      perform ledger_post(movement, account.account_id, known.amount, 'SETTLEMENT', known.currency);
    end if;
    select * into strict known from ledger_key where key = of_key;
    return known;
  end $$;

  -- Returns the deposit recorded under the key, whoever wrote it; the caller compares. Null: no such customer.
  create function ledger_deposit(movement uuid, of_key text, of_customer text, in_currency text, of_amount numeric,
      about text) returns ledger_movement language plpgsql as $$
  declare
    recorded ledger_movement;
    account  ledger_account;
  begin
    if not exists (select from ledger_customer where customer_id = of_customer) then
      return null;
    end if;
    perform ledger_open_account(of_customer, in_currency);
    account := ledger_lock_account(of_customer, in_currency);
    insert into ledger_movement (movement_id, key, kind, customer_id, currency, amount, description, created_at)
      values (movement, of_key, 'DEPOSIT', of_customer, in_currency, of_amount, about, db_now())
      on conflict (key) where kind = 'DEPOSIT' do nothing;
    if found then
      perform ledger_post(movement, account.account_id, of_amount, 'FUNDING', in_currency);
    end if;
    select * into strict recorded from ledger_movement where key = of_key and kind = 'DEPOSIT';
    return recorded;
  end $$;
`;

const CHECK = `
  -- No row means that the books are sound. It is one statement, so that all its parts see the same moment.
  create function ledger_check() returns table (fault text, subject text, detail text) language sql stable as $$
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
        is distinct from (e.customer_id, e.currency, e.amount) and m.kind in ('DEBIT', 'REVERSAL', 'DEPOSIT')
        or e.movement_id is not null and m.kind in ('REFUSAL', 'CLOSED')
    union all
    select 'REVERSAL_WITHOUT_ITS_DEBIT', r.movement_id::text, r.key
      from ledger_movement r left join ledger_movement d on d.key = r.key and d.kind = 'DEBIT'
      where r.kind = 'REVERSAL'
        and (r.customer_id, r.currency, r.amount) is distinct from (d.customer_id, d.currency, d.amount)
  $$;
`;

/** The embedded wallet ledger: double entry, idempotent by key, guarded by the database itself. */
export class WalletLedger1700000000200 implements MigrationInterface {
  readonly name = 'WalletLedger1700000000200';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLES, RULES, POSTING, MOVEMENTS, CHECK]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function ledger_check(), ledger_deposit, ledger_reverse, ledger_debit, ledger_open_account, ledger_lock_account,
        ledger_post, ledger_house_account;
      drop view ledger_key;
      drop table ledger_entry, ledger_movement, ledger_account, ledger_customer;
      drop function ledger_movement_balanced;
    `);
  }
}
