import type { Amount } from '../../payment-order/order/money.js';
import type { DebitStatus, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type {
  ComparedDebit,
  ComparedOrder,
  ComparedRefund,
} from '../../payment-order/records/reconcile.store.js';
import type { RefundStatus } from '../../payment-order/refund/refund.js';

export const PARTNER_STATUSES = ['PAID', 'CANCELLED', 'FAILED', 'REFUNDED'] as const;

/** One transaction as Alipay+'s file has it. */
export interface PartnerLine extends Amount {
  /** Where in the file. */
  readonly line: number;
  readonly paymentRequestId: string;
  /** Ours; not every file has it. */
  readonly paymentId?: string;
  /** Of a line that gives money back. */
  readonly refundRequestId?: string;
  /** `FAILED` and `PAID` of a line with a refundRequestId are of the refund. */
  readonly status: (typeof PARTNER_STATUSES)[number];
}

export type DifferenceKind = 'ONLY_HERE' | 'ONLY_THERE' | 'STATE' | 'CURRENCY' | 'AMOUNT' | 'IDS' | 'DOUBLED';

/** What differs between our books and another one, in words of the two. */
export interface Unlike {
  readonly kind: DifferenceKind;
  readonly ours: string;
  readonly theirs: string;
}

/** What the ledger's books show of one debit, by its list or by its key. */
export interface LedgerDebitFact {
  readonly status: 'debited' | 'reversed' | 'absent';
  readonly customerId?: string;
  readonly amount?: { readonly currency: string; readonly value: bigint };
}

const NOT_PAID: readonly PaymentStatus[] = ['FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'];
const FITTING: Readonly<Record<PartnerLine['status'], readonly PaymentStatus[]>> = {
  PAID: ['PAID'],
  CANCELLED: ['CANCELLED'],
  FAILED: NOT_PAID,
  // Only a line without its refundRequestId comes here: no status of an order is that.
  REFUNDED: [],
};
const FITTING_REFUND: Readonly<Record<PartnerLine['status'], readonly RefundStatus[]>> = {
  PAID: ['REFUNDED'],
  REFUNDED: ['REFUNDED'],
  CANCELLED: ['REFUSED'],
  FAILED: ['REFUSED'],
};

/** A line about an order. An order we do not know may have ended without us. */
export function unlikeOrder(line: PartnerLine, order: ComparedOrder | undefined): Unlike | undefined {
  if (order === undefined)
    return line.status === 'PAID' ? unlike('ONLY_THERE', 'unknown', said(line)) : undefined;
  if (line.paymentId !== undefined && line.paymentId !== order.paymentId)
    return unlike('IDS', order.paymentId, line.paymentId);
  if (!FITTING[line.status].includes(order.status)) return unlike('STATE', order.status, line.status);
  return line.status === 'PAID' ? unlikeAmount(order.payTo, line) : undefined;
}

/** A line about a refund. A refund we do not know was never done. */
export function unlikeRefund(line: PartnerLine, refund: ComparedRefund | undefined): Unlike | undefined {
  const gaveBack = FITTING_REFUND[line.status].includes('REFUNDED');
  if (refund === undefined) return gaveBack ? unlike('ONLY_THERE', 'unknown', said(line)) : undefined;
  if (refund.paymentRequestId !== line.paymentRequestId)
    return unlike('IDS', refund.paymentRequestId, line.paymentRequestId);
  if (!FITTING_REFUND[line.status].includes(refund.status))
    return unlike('STATE', refund.status, line.status);
  return gaveBack ? unlikeAmount(refund, line) : undefined;
}

const HELD: readonly DebitStatus[] = ['DEBITED'];
const BACK: readonly DebitStatus[] = ['REVERSED'];
/** A reversal of what never took money closes its key; nothing is in the books then. */
const NOTHING: readonly DebitStatus[] = ['REVERSED', 'REFUSED'];
const FITTING_DEBIT: Readonly<Record<LedgerDebitFact['status'], readonly DebitStatus[]>> = {
  debited: HELD,
  reversed: BACK,
  absent: NOTHING,
};

/** A debit of ours, or none by that key, and what the ledger shows of it. */
export function unlikeDebit(
  debit: (ComparedDebit & { readonly customerId: string }) | undefined,
  fact: LedgerDebitFact,
): Unlike | undefined {
  const theirs = fact.amount === undefined ? fact.status : `${fact.status} ${money(textOf(fact.amount))}`;
  if (debit === undefined) return unlike('ONLY_THERE', 'no such debit', theirs);
  const ours = `${debit.status} ${money(debit)}`;
  if (fact.status === 'absent' && debit.status === 'DEBITED') return unlike('ONLY_HERE', ours, theirs);
  if (!FITTING_DEBIT[fact.status].includes(debit.status)) return unlike('STATE', ours, theirs);
  if (fact.customerId !== undefined && fact.customerId !== debit.customerId)
    return unlike('IDS', 'the payer of our order', 'another customer');
  return fact.amount === undefined ? undefined : unlikeAmount(debit, textOf(fact.amount));
}

function unlikeAmount(ours: Amount | undefined, theirs: Amount): Unlike | undefined {
  if (ours === undefined) return unlike('AMOUNT', 'no amount', money(theirs));
  if (ours.currency !== theirs.currency) return unlike('CURRENCY', money(ours), money(theirs));
  return ours.value === theirs.value ? undefined : unlike('AMOUNT', money(ours), money(theirs));
}

/** As both are written: in minor units. */
export function money({ currency, value }: Amount): string {
  return `${value} ${currency}`;
}

function said(line: PartnerLine): string {
  return `${line.status} ${money(line)}`;
}

function textOf({ currency, value }: NonNullable<LedgerDebitFact['amount']>): Amount {
  return { currency, value: value.toString() };
}

export function unlike(kind: DifferenceKind, ours: string, theirs: string): Unlike {
  return { kind, ours, theirs };
}
