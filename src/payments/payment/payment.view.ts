import { toShownAmount, type Money, type ShownAmount } from '../../payment-order/order/money.js';
import type { OrderContent } from '../../payment-order/order/order-content.js';
import type { OrderRefund, PaymentOrder } from '../../payment-order/order/payment-order.js';
import { answerOf } from '../../platform/present.js';
import type {
  ExchangeRateDto,
  HeldAdviceDto,
  MerchantDto,
  OrderDto,
  PaymentDto,
  RefundDto,
  RequirementsDto,
} from './payment.dto.js';

/** A payment as a wallet app sees it, built field by field. */
export function paymentView(payment: PaymentOrder): PaymentDto {
  const { content, notificationStatus, quoteId } = payment;
  const { action, sdkActionPayload } = heldAdvice(payment);
  return answerOf<PaymentDto>({
    paymentId: payment.paymentId,
    paymentRequestId: payment.paymentRequestId,
    status: payment.status,
    scenario: payment.scenario,
    order: orderView(content),
    merchant: merchantView(content),
    payAmount: amountView(payment.payAmount),
    payToAmount: amountView(payment.payToAmount),
    paymentAmount: amountView(payment.paymentAmount),
    exchangeRate: content.exchangeRate && answerOf<ExchangeRateDto>({ ...content.exchangeRate, quoteId }),
    quoteExpiresAt: payment.quoteExpiresAt?.toISOString(),
    promotions: content.promotions,
    surcharge: content.surcharged ? amountView(payment.payAmount) : undefined,
    requirements: requirementsView(content),
    expiresAt: payment.expiresAt.toISOString(),
    redirectUrl: content.redirectUrl,
    heldReason: payment.heldReason,
    action,
    sdkActionPayload,
    result: payment.result,
    paymentTime: payment.paymentTime,
    notification: notificationStatus && { status: notificationStatus },
    refunds: payment.refunds?.map(refundView),
  });
}

/** What the app itself does about a payment that is held, or was ended because nobody could ever pay it; else empty. */
export function heldAdvice({ status, content, heldReason }: PaymentOrder): HeldAdviceDto {
  if (status !== 'HELD' && (status !== 'FAILED' || heldReason === undefined)) return {};
  const { sdkActionPayload } = content;
  if (status === 'HELD' && heldReason === 'HANDLE_BY_SDK' && sdkActionPayload !== undefined)
    return { action: 'HANDLE_BY_SDK', sdkActionPayload };
  // A faulty answer is nothing the wallet lacks: another code may help, and support can tell.
  const isFaulty = heldReason === 'HANDLE_BY_SDK' || heldReason?.startsWith('NOT_PAYABLE') === true;
  return { action: isFaulty ? 'CONTACT_SUPPORT' : 'SHOW_NOT_SUPPORTED' };
}

function orderView({ referenceOrderId, orderDescription, orderAmount }: OrderContent): OrderDto {
  return answerOf<OrderDto>({ referenceOrderId, orderDescription, orderAmount });
}

function merchantView({ merchant }: OrderContent): MerchantDto | undefined {
  if (!merchant) return undefined;
  return answerOf<MerchantDto>({
    name: merchant.merchantDisplayName ?? merchant.merchantName,
    legalName: merchant.merchantName,
    mcc: merchant.merchantMCC,
    region: merchant.region,
    store: merchant.storeName,
  });
}

function refundView(refund: OrderRefund): RefundDto {
  const { refundId, status, refundTime } = refund;
  return answerOf<RefundDto>({
    refundId,
    status,
    amount: amountView(refund.backAmount),
    refundAmount: amountView(refund.refundAmount),
    requestedAt: refund.requestedAt.toISOString(),
    refundTime,
  });
}

function requirementsView({ requirements, passThroughInfo }: OrderContent): RequirementsDto | undefined {
  if (!requirements && passThroughInfo === undefined) return undefined;
  const { flags = [], proofs = [], authorizationInfo } = requirements ?? {};
  return answerOf<RequirementsDto>({ flags, proofs, authorizationInfo, passThroughInfo });
}

function amountView(money: Money | undefined): ShownAmount | undefined {
  return money && toShownAmount(money);
}
