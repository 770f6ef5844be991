import { toShownAmount, type Money, type ShownAmount } from '../payment-order/order/money.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';

/** A payment as a wallet app sees it, built field by field. */
export function paymentView(payment: PaymentOrder): Record<string, unknown> {
  const { content } = payment;
  const { merchant } = content;
  return {
    paymentId: payment.paymentId,
    paymentRequestId: payment.paymentRequestId,
    status: payment.status,
    scenario: payment.scenario,
    order: {
      referenceOrderId: content.referenceOrderId,
      orderDescription: content.orderDescription,
      orderAmount: content.orderAmount,
    },
    merchant: merchant && {
      name: merchant.merchantDisplayName ?? merchant.merchantName,
      legalName: merchant.merchantName,
      mcc: merchant.merchantMCC,
      region: merchant.region,
      store: merchant.storeName,
    },
    payAmount: amountView(payment.payAmount),
    payToAmount: amountView(payment.payToAmount),
    paymentAmount: amountView(payment.paymentAmount),
    exchangeRate: content.exchangeRate && { ...content.exchangeRate, quoteId: payment.quoteId },
    quoteExpiresAt: payment.quoteExpiresAt?.toISOString(),
    promotions: content.promotions,
    surcharge: content.surcharged ? amountView(payment.payAmount) : undefined,
    expiresAt: payment.expiresAt.toISOString(),
    redirectUrl: content.redirectUrl,
    heldReason: payment.heldReason,
    ...actionOf(payment),
    result: payment.result,
    paymentTime: payment.paymentTime,
    notification: payment.notificationStatus && { status: payment.notificationStatus },
  };
}

/** What the app itself has to do before anything else can happen. */
export function actionOf({ status, content, heldReason }: PaymentOrder): Record<string, unknown> {
  if (status !== 'HELD') return {};
  const { sdkActionPayload } = content;
  if (heldReason === 'HANDLE_BY_SDK' && sdkActionPayload !== undefined)
    return { action: 'HANDLE_BY_SDK', sdkActionPayload };
  // A faulty answer is nothing the wallet lacks: another code may help, and support can tell.
  const isFaulty = heldReason === 'HANDLE_BY_SDK' || heldReason?.startsWith('NOT_PAYABLE') === true;
  return { action: isFaulty ? 'CONTACT_SUPPORT' : 'SHOW_NOT_SUPPORTED' };
}

function amountView(money: Money | undefined): ShownAmount | undefined {
  return money && toShownAmount(money);
}
