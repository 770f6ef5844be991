import type { BookAmount } from './our-books.js';
import type { ReadRows } from './read-rows.js';

/** The ledger's record of one key. */
export interface LedgerKey {
  readonly key: string;
  readonly kind: 'DEBIT' | 'REFUSAL' | 'CLOSED';
  readonly customerId: string | null;
  readonly amount: BookAmount | null;
  /** The money was given back. */
  readonly isReversed: boolean;
}

export interface LedgerRefund {
  readonly key: string;
  readonly debitKey: string;
  readonly amount: BookAmount;
}

/** The books of the wallet's ledger: its own tables, which the service reads only through the port. */
export interface LedgerBooks {
  readonly keys: readonly LedgerKey[];
  /** The completed refunds. */
  readonly refunds: readonly LedgerRefund[];
  /** Faults that the ledger finds in its own books. */
  readonly faults: readonly string[];
}

const KEYS = `
  select key, kind, customer_id as "customerId", reversal_id is not null as "isReversed",
    case when amount is not null then json_build_object('currency', currency, 'value', amount::text) end as amount
  from ledger_key`;

const REFUNDS = `
  select key, debit_key as "debitKey", json_build_object('currency', currency, 'value', amount::text) as amount
  from ledger_movement where kind = 'REFUND'`;

const FAULTS = `select concat_ws(' ', fault, subject, detail) as fault from ledger_check()`;

export async function readLedgerBooks(read: ReadRows): Promise<LedgerBooks> {
  const faults = await read<{ fault: string }>(FAULTS);
  const keys = await read<LedgerKey>(KEYS);
  const refunds = await read<LedgerRefund>(REFUNDS);
  return { keys, refunds, faults: faults.map(({ fault }) => fault) };
}
