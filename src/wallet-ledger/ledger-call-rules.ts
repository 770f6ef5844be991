import type { LedgerAmount, LedgerDebit, LedgerRefund } from './wallet-ledger.js';

/** Printable ASCII without blanks; the first sign is a letter or digit, so that no key is a path segment like `..`. */
const KEY = /^[A-Za-z0-9][\x21-\x7e]{0,127}$/;
const CURRENCY = /^[A-Z]{3}$/;

/** @throws RangeError for a key that no adapter could carry unchanged */
export function assertLedgerKey(key: string): void {
  if (!KEY.test(key)) throw new RangeError('a ledger key is 1 to 128 printable characters without blanks');
}

/** @throws RangeError before anything is sent: such a debit is a fault of the caller, not an answer of the ledger */
export function assertDebit(debit: LedgerDebit): void {
  assertLedgerKey(debit.key);
  if (debit.paymentRequestId === '') throw new RangeError('a debit names its order');
  if (debit.customerId === '') throw new RangeError('a debit names its customer');
  assertAmount(debit.amount);
  if (Number.isNaN(debit.notAfter.getTime())) throw new RangeError('the notAfter of a debit is no date');
}

/** @throws RangeError before anything is sent, as for a debit */
export function assertRefund(refund: LedgerRefund): void {
  assertLedgerKey(refund.key);
  assertLedgerKey(refund.debitKey);
  assertAmount(refund.amount);
}

function assertAmount({ currency, value }: LedgerAmount): void {
  if (!CURRENCY.test(currency)) throw new RangeError('a ledger amount names an ISO 4217 currency');
  if (value < 1n) throw new RangeError('a ledger amount is at least one minor unit');
}
