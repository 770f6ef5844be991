import type { Statement } from '../../platform/database/database.js';

/** The functions and the view `ledger_key` are in the migration; each statement here is one round trip. */
export const DEBIT: Statement = {
  name: 'ledger_debit',
  text: 'select * from ledger_debit($1, $2, $3, $4, $5, $6, $7, $8)',
};

export const REVERSE: Statement = {
  name: 'ledger_reverse',
  text: 'select * from ledger_reverse($1, $2, $3)',
};

export const REFUND: Statement = {
  name: 'ledger_refund',
  text: 'select * from ledger_refund($1, $2, $3, $4, $5, $6)',
};

export const LOOKUP: Statement = {
  name: 'ledger_lookup',
  text: 'select * from ledger_key where key = $1',
};

/** $1 from, $2 to, $3 the last movement of the page before or null, $4 rows. Ids of movements grow with time. */
export const LIST_DEBITS: Statement = {
  name: 'ledger_list_debits',
  text: `select m.movement_id, m.key, m.payment_request_id, m.customer_id, m.currency, m.amount, m.created_at,
           exists (select from ledger_movement r where r.key = m.key and r.kind = 'REVERSAL') as is_reversed
         from ledger_movement m
         where m.kind = 'DEBIT' and m.payment_request_id is not null and m.created_at >= $1 and m.created_at < $2
           and ($3::uuid is null or m.movement_id > $3) order by m.movement_id limit $4`,
};

export const DEPOSIT: Statement = {
  name: 'ledger_deposit',
  text: 'select * from ledger_deposit($1, $2, $3, $4, $5, $6) where movement_id is not null',
};

export const OPEN_CUSTOMER: Statement = {
  name: 'ledger_open_customer',
  text: `insert into ledger_customer (customer_id, blocked, opening_balance) values ($1, $2, $3)
         on conflict (customer_id) do nothing returning customer_id`,
};

export const READ_CUSTOMER: Statement = {
  name: 'ledger_read_customer',
  text: 'select customer_id, blocked, opening_balance from ledger_customer where customer_id = $1',
};

export const READ_BALANCES: Statement = {
  name: 'ledger_read_balances',
  text: `select currency, balance from ledger_account
         where kind = 'CUSTOMER' and customer_id = $1 order by currency`,
};

export const READ_MOVEMENTS: Statement = {
  name: 'ledger_read_movements',
  text: `select m.created_at, m.kind, m.key, a.currency, e.amount, m.description
         from ledger_account a join ledger_entry e using (account_id) join ledger_movement m using (movement_id)
         where a.kind = 'CUSTOMER' and a.customer_id = $1
         order by m.created_at desc, m.movement_id desc limit $2`,
};

export const CHECK: Statement = { name: 'ledger_check', text: 'select * from ledger_check()' };
