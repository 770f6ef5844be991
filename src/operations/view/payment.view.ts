import { toShownAmount, type Money, type ShownAmount } from '../../payment-order/order/money.js';
import { reversalWindowOf } from '../snapshot/reversal-window.js';
import type { DebitSnapshot, OrderSnapshot, PaymentSnapshot } from '../snapshot/payment-snapshot.js';

/** A payment as operators see it, built field by field; times are still `Date`s. */
export function paymentView(snapshot: PaymentSnapshot): Record<string, unknown> {
  const { order, ...rest } = snapshot;
  return {
    paymentId: order.paymentId,
    paymentRequestId: order.paymentRequestId,
    customerId: order.customerId,
    status: order.status,
    scenario: order.scenario,
    acquirerId: order.acquirerId,
    pspId: order.pspId,
    ...contentView(order),
    ...moneyView(order),
    heldReason: order.heldReason,
    amountFlag: order.amountFlag,
    contentConflict: order.contentConflict,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    cancelRequestedAt: order.cancelRequestedAt,
    finishedAt: order.finishedAt,
    result: order.result,
    // As it was told to Alipay+, letter for letter.
    paymentTime: order.paymentTime,
    readAt: rest.readAt,
    scans: rest.scans,
    debits: rest.debits.map((debit) => debitView(snapshot, debit)),
    notification: rest.notification,
    inquiries: rest.inquiries,
  };
}

function contentView({ content }: OrderSnapshot): Record<string, unknown> {
  const { merchant } = content;
  return {
    referenceOrderId: content.referenceOrderId,
    orderDescription: content.orderDescription,
    merchant: merchant && {
      id: merchant.referenceMerchantId,
      name: merchant.merchantDisplayName ?? merchant.merchantName,
      legalName: merchant.merchantName,
      mcc: merchant.merchantMCC,
      region: merchant.region,
      store: merchant.storeName,
    },
  };
}

function moneyView(order: OrderSnapshot): Record<string, unknown> {
  const { content } = order;
  return {
    payAmount: shown(order.payAmount),
    payToAmount: shown(order.payToAmount),
    paymentAmount: shown(order.paymentAmount),
    isSurcharged: content.surcharged,
    promotions: content.promotions,
    exchangeRate: content.exchangeRate && { ...content.exchangeRate },
    quoteId: order.quoteId,
    quoteExpiresAt: order.quoteExpiresAt,
  };
}

function debitView(snapshot: PaymentSnapshot, debit: DebitSnapshot): Record<string, unknown> {
  const { amount, windowEndsAt: _, ...fields } = debit;
  const alarms = snapshot.debitAlarms.filter(({ debitId }) => debitId === debit.debitId);
  return {
    ...fields,
    amount: shown(amount),
    ...reversalWindowOf(snapshot, debit),
    ...(alarms.length > 0 && { alarms: alarms.map(({ alarm, raisedAt }) => ({ alarm, raisedAt })) }),
  };
}

function shown(money: Money | undefined): ShownAmount | undefined {
  return money && toShownAmount(money);
}
