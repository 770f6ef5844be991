import type { Payment } from './entities/payment.entity.js';

/** The same fields as in the service's answer. */
export function paymentView(payment: Payment): object {
  const { order } = payment;
  const merchant = order.merchant ?? {};
  const payTo = amount(payment.payToCurrency, payment.payToValue);
  return {
    paymentId: payment.id,
    paymentRequestId: payment.paymentRequestId,
    status: payment.status,
    scenario: 'MERCHANT_PRESENTED',
    order: {
      referenceOrderId: order.referenceOrderId,
      orderDescription: order.orderDescription,
      orderAmount: order.orderAmount,
    },
    merchant: {
      name: merchant.merchantDisplayName,
      legalName: merchant.merchantName,
      mcc: merchant.merchantMCC,
      region: merchant.merchantAddress?.region,
      store: merchant.store?.storeDisplayName,
    },
    payAmount: payTo,
    payToAmount: payTo,
    paymentAmount: amount(payment.paymentCurrency, payment.paymentValue),
    exchangeRate: payment.paymentQuote && {
      quoteCurrencyPair: payment.paymentQuote.quoteCurrencyPair,
      quotePrice: payment.paymentQuote.quotePrice,
      quoteId: payment.quoteId,
    },
    promotions: payment.promotions,
    expiresAt: payment.expiresAt,
    paymentTime: payment.paymentTime ?? undefined,
  };
}

function amount(currency: string, value: string): object {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return { currency, value, display: format.format(Number(value) / 10 ** decimals) };
}
