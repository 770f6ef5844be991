import { toShownAmount, type Money, type ShownAmount } from '../../payment-order/money.js';
import type { DebitSnapshot, OrderSnapshot, PaymentSnapshot } from '../snapshot/payment-snapshot.js';

/** A payment as operators see it, built field by field; times are still `Date`s. */
export function paymentView({ order, ...rest }: PaymentSnapshot): Record<string, unknown> {
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
    debits: rest.debits.map(debitView),
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

function debitView({ amount, ...debit }: DebitSnapshot): Record<string, unknown> {
  return { ...debit, amount: shown(amount) };
}

function shown(money: Money | undefined): ShownAmount | undefined {
  return money && toShownAmount(money);
}
