import type { BookAmount } from './our-books.js';
import type { ReadRows } from './read-rows.js';

/** What the ledger knows of one key it was asked about. */
export interface LedgerKey {
  readonly key: string;
  readonly kind: 'DEBIT' | 'REFUSAL' | 'CLOSED';
  readonly customerId: string | null;
  readonly amount: BookAmount | null;
  /** The money was given back. */
  readonly isReversed: boolean;
}

/** What the wallet's ledger says: its own tables, which the service reads only through the port. */
export interface LedgerBooks {
  readonly keys: readonly LedgerKey[];
  /** What does not add up in the ledger itself. */
  readonly faults: readonly string[];
}

const KEYS = `
  select key, kind, customer_id as "customerId", reversal_id is not null as "isReversed",
    case when amount is not null then json_build_object('currency', currency, 'value', amount::text) end as amount
  from ledger_key`;

const FAULTS = `select concat_ws(' ', fault, subject, detail) as fault from ledger_check()`;

export async function readLedgerBooks(read: ReadRows): Promise<LedgerBooks> {
  const faults = await read<{ fault: string }>(FAULTS);
  return { keys: await read<LedgerKey>(KEYS), faults: faults.map(({ fault }) => fault) };
}
