import type { RowOf } from '../../platform/database/columns.js';
import { present } from '../../platform/present.js';
import { DatabaseClock } from '../order/database-clock.js';
import { moneyOf } from '../order/payment-order.row.js';
import { openedOr, type Place, type Sealing } from '../../platform/sealing/sealing.js';
import type { Proofs } from '../order/requirements.js';
import type { PaymentId } from '../order/ids.js';
import type { DebitEntity } from './debit.entities.js';
import type { Debit } from './debit.js';

/** `d` names the row; columns that an order has too get names of their own. */
export const DEBIT_COLUMNS = `
  d.debit_id, d.payment_id, d.customer_id as debit_customer_id, d.currency, d.value, d.not_after,
  d.status as debit_status, d.tries, d.refusal_code, d.confirmed, d.proofs`;

type Row = RowOf<DebitEntity>;

export interface DebitRow extends Pick<
  Row,
  | 'debit_id'
  | 'payment_id'
  | 'currency'
  | 'value'
  | 'not_after'
  | 'tries'
  | 'refusal_code'
  | 'confirmed'
  | 'proofs'
> {
  readonly debit_customer_id: Row['customer_id'];
  readonly debit_status: Row['status'];
  readonly now: Date;
}

export function toDebit(row: DebitRow, sealing: Sealing): Debit {
  const amount = moneyOf(row.currency, row.value);
  if (!amount) throw new Error(`debit ${row.debit_id} has no readable amount`);
  return present<Debit>({
    debitId: row.debit_id,
    paymentId: row.payment_id,
    customerId: row.debit_customer_id,
    amount,
    notAfter: row.not_after,
    status: row.debit_status,
    tries: row.tries,
    confirmed: row.confirmed,
    clock: new DatabaseClock(row.now),
    refusalCode: row.refusal_code,
    ...openedProofs(row, sealing),
  });
}

/** Names stay in the open, for the statement that compares them with what the order asks for. */
export function sealedProofs(sealing: Sealing, paymentId: PaymentId, proofs: Proofs): Proofs {
  return mapped(proofs, (name, proof) => sealing.sealText(placeOfProof(paymentId, name), proof));
}

function openedProofs(
  { payment_id: paymentId, proofs }: Pick<DebitRow, 'payment_id' | 'proofs'>,
  sealing: Sealing,
): Pick<Debit, 'proofs' | 'areProofsUnreadable'> {
  if (proofs === null) return {};
  const open = (name: string, proof: string) => sealing.openText(placeOfProof(paymentId, name), proof);
  const opened = openedOr(undefined, () => mapped(proofs, open));
  return opened === undefined ? { areProofsUnreadable: true } : { proofs: opened };
}

function mapped(proofs: Proofs, change: (name: string, proof: string) => string): Proofs {
  return Object.fromEntries(Object.entries(proofs).map(([name, proof]) => [name, change(name, proof)]));
}

const placeOfProof = (paymentId: PaymentId, name: string): Place => `debit.proofs:${paymentId}|${name}`;

/** What the ledger said of a debit and what becomes of its order, as the statement reads it. */
export const SETTLED_COLUMNS = {
  debit_id: 'uuid',
  debit_status: 'text',
  refusal_code: 'text',
  ledger_reference: 'text',
  event: 'text',
  order_status: 'text',
  result_status: 'text',
  result_code: 'text',
  result_message: 'text',
  payment_time: 'text',
  url: 'text',
  body: 'bytea',
  body_sha256: 'bytea',
  traceparent: 'text',
} as const;
