import {
  toShownAmount,
  toStatedAmount,
  type Money,
  type ShownAmount,
} from '../../payment-order/order/money.js';
import type { OrderContent, Promotion } from '../../payment-order/order/order-content.js';
import type { OrderRefund, PaymentOrder } from '../../payment-order/order/payment-order.js';
import { answerOf } from '../../platform/present.js';
import type { PageOfPayments } from '../../payment-order/order/payments-of-customer.js';
import { PAYER_ADVICE } from '../payer-advice.js';
import { writePlace } from './place-in-list.js';
import { sdkPayload, standingKey } from './payment-standing.js';
import type {
  ExchangeRateDto,
  GoodsDto,
  MerchantDto,
  OrderDto,
  PaymentDto,
  PaymentPageDto,
  PromotionDto,
  RefundDto,
  RequirementsDto,
} from './payment.dto.js';

/** A payment as a wallet app sees it, built field by field. */
export function paymentView(payment: PaymentOrder): PaymentDto {
  const { content, notificationStatus, quoteId } = payment;
  const key = standingKey(payment);
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
    promotions: content.promotions.map(promotionView),
    surcharge: content.surcharged ? amountView(payment.payAmount) : undefined,
    requirements: requirementsView(content),
    createdAt: payment.createdAt.toISOString(),
    expiresAt: payment.expiresAt.toISOString(),
    redirectUrl: content.redirectUrl,
    heldReason: payment.heldReason,
    action: key && PAYER_ADVICE[key].action,
    messageKey: key,
    sdkActionPayload: sdkPayload(payment),
    result: payment.result,
    paymentTime: payment.paymentTime,
    notification: notificationStatus && { status: notificationStatus },
    refunds: payment.refunds?.map(refundView),
  });
}

/** One page of a customer's payments. */
export function paymentPageView({ payments, end }: PageOfPayments): PaymentPageDto {
  return answerOf<PaymentPageDto>({
    payments: payments.map(paymentView),
    nextCursor: end && writePlace(end),
  });
}

function orderView({ referenceOrderId, orderDescription, orderAmount, goods }: OrderContent): OrderDto {
  return answerOf<OrderDto>({
    referenceOrderId,
    orderDescription,
    orderAmount: orderAmount && toStatedAmount(orderAmount),
    goods: goods?.map(({ name, quantity, unitAmount }) =>
      answerOf<GoodsDto>({ name, quantity, unitAmount: unitAmount && toStatedAmount(unitAmount) }),
    ),
  });
}

function promotionView({ promoId, promoName, promoType, savingsAmount }: Promotion): PromotionDto {
  return answerOf<PromotionDto>({
    promoId,
    promoName,
    promoType,
    savingsAmount: savingsAmount && toStatedAmount(savingsAmount),
  });
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
