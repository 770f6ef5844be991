import { toShownAmount, type Money, type ShownAmount } from '../../payment-order/order/money.js';
import type { NoteDto } from '../notes/note.dto.js';
import type { ApprovalDto } from '../approvals/approval.dto.js';
import { answerOf } from '../../platform/present.js';
import { reversalWindowOf } from '../snapshot/reversal-window.js';
import type {
  DebitSnapshot,
  OrderSnapshot,
  PaymentSnapshot,
  RefundSnapshot,
} from '../snapshot/payment-snapshot.js';
import type {
  ActSeenDto,
  DebitSeenDto,
  MerchantSeenDto,
  PaymentLookDto,
  RefundSeenDto,
  RequirementsSeenDto,
} from './operator-payment.dto.js';
import type { TimelineEventDto } from './timeline.dto.js';

/** All that is known of one payment, as it was read. */
export interface PaymentLook {
  readonly snapshot: PaymentSnapshot;
  /** The acts of operators on it, newest first. */
  readonly acts: readonly ActSeenDto[];
  /** The notes of operators about it, newest first. */
  readonly notes: readonly NoteDto[];
  /** The proposals about it, newest first. */
  readonly approvals: readonly ApprovalDto[];
  /** Oldest first. */
  readonly timeline: readonly TimelineEventDto[];
  readonly timelineStartsLate: boolean;
}

/** The operators' view of a payment, built field by field; times are still `Date`s. */
export function paymentView(look: PaymentLook, zone?: string): PaymentLookDto {
  const { snapshot, acts, notes, approvals, timeline, timelineStartsLate } = look;
  const { order, readAt, scans, debits, refunds, notification, inquiries } = snapshot;
  const { content } = order;
  return answerOf<PaymentLookDto>({
    paymentId: order.paymentId,
    paymentRequestId: order.paymentRequestId,
    customerId: order.customerId,
    status: order.status,
    scenario: order.scenario,
    acquirerId: order.acquirerId,
    pspId: order.pspId,
    referenceOrderId: content.referenceOrderId,
    orderDescription: content.orderDescription,
    orderAmount: content.orderAmount,
    goods: content.goods,
    requirements: requirementsView(order),
    redirectUrl: content.redirectUrl,
    merchant: merchantView(order),
    payAmount: shown(order.payAmount),
    payToAmount: shown(order.payToAmount),
    paymentAmount: shown(order.paymentAmount),
    isSurcharged: content.surcharged,
    promotions: content.promotions,
    exchangeRate: content.exchangeRate,
    quoteId: order.quoteId,
    quoteExpiresAt: order.quoteExpiresAt,
    heldReason: order.heldReason,
    amountFlag: order.amountFlag,
    contentConflict: order.contentConflict,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    cancelRequestedAt: order.cancelRequestedAt,
    finishedAt: order.finishedAt,
    result: order.result,
    // Exactly as it was sent to Alipay+.
    paymentTime: order.paymentTime,
    readAt,
    scans,
    debits: debits.map((debit) => debitView(snapshot, debit)),
    refunds: refunds.map(refundView),
    notification,
    inquiries,
    zone,
    acts,
    notes,
    approvals,
    timeline,
    timelineStartsLate: timelineStartsLate || undefined,
  });
}

function merchantView({ content: { merchant } }: OrderSnapshot): MerchantSeenDto | undefined {
  if (!merchant) return undefined;
  return answerOf<MerchantSeenDto>({
    id: merchant.referenceMerchantId,
    name: merchant.merchantDisplayName ?? merchant.merchantName,
    legalName: merchant.merchantName,
    mcc: merchant.merchantMCC,
    region: merchant.region,
    store: merchant.storeName,
  });
}

function requirementsView({ content }: OrderSnapshot): RequirementsSeenDto | undefined {
  const { requirements, passThroughInfo } = content;
  if (!requirements && passThroughInfo === undefined) return undefined;
  const { flags = [], proofs = [], authorizationInfo } = requirements ?? {};
  // An authorization and the fields that an acquirer passes through may name people: they are only for the payer's app.
  const parts = { authorizationInfo, passThroughInfo };
  const others = (['authorizationInfo', 'passThroughInfo'] as const).filter(
    (part) => parts[part] !== undefined,
  );
  return { flags, proofs, others };
}

function debitView(snapshot: PaymentSnapshot, debit: DebitSnapshot): DebitSeenDto {
  const { amount, windowEndsAt: _, ...fields } = debit;
  const { reversalDueAt, cancelDueAt } = reversalWindowOf(snapshot, debit);
  const alarms = snapshot.debitAlarms.filter(({ debitId }) => debitId === debit.debitId);
  return {
    ...fields,
    ...answerOf<Pick<DebitSeenDto, 'amount' | 'reversalDueAt' | 'cancelDueAt' | 'alarms'>>({
      amount: shown(amount),
      reversalDueAt,
      cancelDueAt,
      alarms: alarms.length === 0 ? undefined : alarms.map(({ alarm, raisedAt }) => ({ alarm, raisedAt })),
    }),
  };
}

function refundView({ amount, refundAmount, ...fields }: RefundSnapshot): RefundSeenDto {
  const amounts = { amount: shown(amount), refundAmount: shown(refundAmount) };
  return { ...fields, ...answerOf<Pick<RefundSeenDto, 'amount' | 'refundAmount'>>(amounts) };
}

function shown(money: Money | undefined): ShownAmount | undefined {
  return money && toShownAmount(money);
}
