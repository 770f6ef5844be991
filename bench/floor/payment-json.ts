import type { Amount, Content } from './read-answer.js';

export interface ShownPayment {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly status: string;
  readonly scenario: string;
  readonly paymentAmount: Amount;
  readonly payToAmount: Amount;
  readonly quoteId?: string | null | undefined;
  readonly expiresAt: string | Date;
  readonly content: Content;
  readonly paymentTime?: string;
}

/** The payment as a wallet app is shown it: the same fields as the service's own answer. */
export function paymentOf(payment: ShownPayment): string {
  const { content } = payment;
  const { merchant } = content;
  return JSON.stringify({
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
    payAmount: shown(payment.payToAmount),
    payToAmount: shown(payment.payToAmount),
    paymentAmount: shown(payment.paymentAmount),
    exchangeRate: content.exchangeRate && { ...content.exchangeRate, quoteId: payment.quoteId },
    promotions: content.promotions,
    expiresAt: new Date(payment.expiresAt).toISOString(),
    ...(payment.paymentTime !== undefined && {
      result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
      paymentTime: payment.paymentTime,
      notification: { status: 'PENDING' },
    }),
  });
}

const formats = new Map<string, { format: Intl.NumberFormat; decimals: number }>();

function shown({ currency, value }: Amount): object {
  const { format, decimals } = formatOf(currency);
  const digits = value.padStart(decimals + 1, '0');
  const major = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  // The library declares numbers only; ECMA-402 takes decimal text, and so shows every digit.
  return { currency, value, display: format.format(major as unknown as number) };
}

function formatOf(currency: string): { format: Intl.NumberFormat; decimals: number } {
  let known = formats.get(currency);
  if (!known) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    known = { format, decimals: format.resolvedOptions().maximumFractionDigits ?? 2 };
    formats.set(currency, known);
  }
  return known;
}
