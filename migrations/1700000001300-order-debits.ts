import type { MigrationInterface, QueryRunner } from 'typeorm';

const KEYS = `
  -- A UUID made of a name alone (RFC 9562, version 8, of its SHA-256). It is the same at any time and in any
  -- database, so that lost rows do not lose the keys under which others know them.
  create function uuid_of_name(name text) returns uuid language plpgsql immutable strict parallel safe as $$
  declare
    bytes bytea := substring(sha256(convert_to(name, 'UTF8')) for 16);
  begin
    bytes := set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 128);
    bytes := set_byte(bytes, 8, (get_byte(bytes, 8) & 63) | 128);
    return encode(bytes, 'hex')::uuid;
  end $$;

  -- The key under which the ledger knows a debit. The number comes first, so that no two names can be the same.
  create function debit_key(payment_request_id text, attempt integer) returns uuid
    language sql immutable strict parallel safe
    as $$ select uuid_of_name('debit ' || attempt::text || ' ' || payment_request_id) $$;
`;

const LEDGER_COLUMNS = `
  alter table ledger_movement add payment_request_id text;
  -- The money of an order is taken once, whatever the number of keys. Null for debits older than this column.
  create unique index ledger_movement_order_uq on ledger_movement (payment_request_id) where kind = 'DEBIT';
`;

/** The parts that the new version of the function has and the old one has not. */
interface OrderParts {
  readonly parameter: string;
  readonly refusal: string;
  readonly column: string;
  readonly value: string;
}

const WITH_ORDER: OrderParts = {
  parameter: ', of_order text default null',
  refusal: `when exists (select from ledger_movement
        where payment_request_id = of_order and kind = 'DEBIT' and key <> of_key) then 'ALREADY_DEBITED'`,
  column: ', payment_request_id',
  value: ', of_order',
};
const WITHOUT_ORDER: OrderParts = { parameter: '', refusal: '', column: '', value: '' };

const ledgerDebit = ({ parameter, refusal, column, value }: OrderParts): string => `
  -- Returns the final state of the key. Calls with one key meet at its unique index: one of them writes, the others
  -- wait for its commit, write nothing and read its answer. The time is read after the account is locked. Two keys of
  -- one order meet at the account, or, with two customers, at the index on orders, where one of them fails.
  create function ledger_debit(movement uuid, of_key text, of_customer text, in_currency text, of_amount numeric,
      not_after timestamptz, about text${parameter}) returns ledger_key language plpgsql as $$
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
      ${refusal}
      when db_now() > not_after then 'TOO_LATE'
      when customer.customer_id is null then 'CUSTOMER_NOT_FOUND'
      when customer.blocked then 'CUSTOMER_BLOCKED'
      when account.account_id is null then 'CURRENCY_NOT_SUPPORTED'
      when account.balance < of_amount then 'INSUFFICIENT_BALANCE'
    end;
    insert into ledger_movement
        (movement_id, key, kind, customer_id, currency, amount, refusal_code, description, created_at${column})
      values (movement, of_key, case when refusal is null then 'DEBIT' else 'REFUSAL' end, of_customer, in_currency,
              of_amount, refusal, about, db_now()${value})
      on conflict (key) where kind in ('DEBIT', 'REFUSAL', 'CLOSED') do nothing;
    if found and refusal is null then
      perform ledger_post(movement, account.account_id, -of_amount, 'SETTLEMENT', in_currency);
    end if;
    select * into strict known from ledger_key where key = of_key;
    return known;
  end $$;
`;

/** Keys of debits that come from the order alone, and a ledger that debits an order once whatever the key. */
export class OrderDebits1700000001300 implements MigrationInterface {
  readonly name = 'OrderDebits1700000001300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KEYS);
    await runner.query(LEDGER_COLUMNS);
    await runner.query('drop function ledger_debit');
    await runner.query(ledgerDebit(WITH_ORDER));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger_debit, debit_key, uuid_of_name');
    await runner.query('drop index ledger_movement_order_uq');
    await runner.query('alter table ledger_movement drop payment_request_id');
    await runner.query(ledgerDebit(WITHOUT_ORDER));
  }
}
