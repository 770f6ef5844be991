import type {
  LedgerAnswer,
  LedgerDebit,
  LedgerLookup,
  LedgerRefund,
  LedgerUnknown,
  ListedDebit,
} from '../wallet-ledger.js';
import type { RowOf } from '../../platform/database/columns.js';
import type { LedgerMovement } from './ledger.entities.js';

type MovementRow = RowOf<LedgerMovement>;

/** A row of the view `ledger_key`: what is known of one key. */
export interface LedgerKeyRow extends Pick<
  MovementRow,
  'movement_id' | 'customer_id' | 'currency' | 'amount' | 'refusal_code'
> {
  readonly kind: 'DEBIT' | 'REFUSAL' | 'CLOSED';
  readonly reversal_id: string | null;
}

/** What is recorded under the key of a refund. */
export interface LedgerRefundRow extends Pick<
  MovementRow,
  'movement_id' | 'debit_key' | 'currency' | 'amount' | 'refusal_code'
> {
  readonly kind: 'REFUND' | 'REFUND_REFUSAL';
}

export interface ListedRow extends Pick<
  MovementRow,
  'movement_id' | 'key' | 'payment_request_id' | 'customer_id' | 'currency' | 'amount' | 'created_at'
> {
  readonly is_reversed: boolean;
}

const MISMATCH: LedgerUnknown = { outcome: 'unknown', reason: 'key_content_mismatch' };

export function debitAnswer(row: LedgerKeyRow, debit: LedgerDebit): LedgerAnswer {
  if (row.kind === 'CLOSED') return { outcome: 'refused', code: 'REFUSED' };
  if (!isSameContent(row, debit)) return MISMATCH;
  if (row.kind === 'REFUSAL') return { outcome: 'refused', code: row.refusal_code ?? 'REFUSED' };
  // The money has gone back: `done` would say that it is held.
  if (row.reversal_id !== null) return { outcome: 'refused', code: 'REFUSED' };
  return { outcome: 'done', ledgerReference: row.movement_id };
}

/** The reference of the movement that settled the matter: the reversal, the tombstone or the refusal. */
export function reversalAnswer(row: LedgerKeyRow): LedgerAnswer {
  return { outcome: 'done', ledgerReference: row.reversal_id ?? row.movement_id };
}

export function refundAnswer(row: LedgerRefundRow, { debitKey, amount }: LedgerRefund): LedgerAnswer {
  const isSame =
    row.debit_key === debitKey && row.currency === amount.currency && row.amount === amount.value.toString();
  if (!isSame) return MISMATCH;
  if (row.kind === 'REFUND_REFUSAL') return { outcome: 'refused', code: row.refusal_code ?? 'REFUSED' };
  return { outcome: 'done', ledgerReference: row.movement_id };
}

export function lookupAnswer(row: LedgerKeyRow | undefined): LedgerLookup {
  if (row === undefined) return { outcome: 'absent' };
  if (row.kind !== 'DEBIT') return { outcome: 'refused', code: row.refusal_code ?? 'REFUSED' };
  if (row.reversal_id !== null) return { outcome: 'reversed', ledgerReference: row.reversal_id };
  const amount = { currency: row.currency ?? '', value: BigInt(row.amount ?? 0) };
  return { outcome: 'debited', ledgerReference: row.movement_id, customerId: row.customer_id ?? '', amount };
}

function isSameContent(row: LedgerKeyRow, debit: LedgerDebit): boolean {
  return (
    row.customer_id === debit.customerId &&
    row.currency === debit.amount.currency &&
    row.amount === debit.amount.value.toString()
  );
}

export function listedDebit(row: ListedRow): ListedDebit {
  return {
    key: row.key,
    paymentRequestId: row.payment_request_id ?? '',
    customerId: row.customer_id ?? '',
    amount: { currency: row.currency ?? '', value: BigInt(row.amount ?? 0) },
    status: row.is_reversed ? 'reversed' : 'debited',
    bookedAt: row.created_at,
  };
}
