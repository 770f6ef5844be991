import { createHash } from 'node:crypto';
import type { Answered } from './alipay-plus.js';
import { Refusal } from './refusal.js';

export interface Amount {
  readonly currency: string;
  readonly value: string;
}

export interface Content {
  readonly referenceOrderId?: string;
  readonly orderDescription?: string;
  readonly orderAmount?: Amount;
  readonly merchant?: {
    readonly referenceMerchantId?: string;
    readonly merchantName?: string;
    readonly merchantDisplayName?: string;
    readonly merchantMCC?: string;
    readonly region?: string;
    readonly storeName?: string;
  };
  readonly exchangeRate?: { readonly quoteCurrencyPair: string; readonly quotePrice: string };
  readonly promotions: readonly object[];
  readonly surcharged: boolean;
}

export interface DecodedOrder {
  readonly paymentRequestId: string;
  readonly scenario: string;
  readonly acquirerId?: string;
  readonly pspId?: string;
  readonly paymentAmount: Amount;
  readonly payToAmount: Amount;
  readonly quoteId?: string;
  readonly expiresAt: string;
  readonly notifyUrl: string;
  readonly content: Content;
  readonly contentHash: Buffer;
}

const AMOUNT = /^[1-9]\d*$/;
const CURRENCY = /^[A-Z]{3}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What a verified answer says about the order. Anything it does not know how to pay is refused. */
export function readAnswer({ body, httpStatus }: Answered): DecodedOrder {
  // Foreign JSON without a schema: every field that money hangs on is looked at by hand.
  // eslint-disable-next-line typescript/no-explicit-any
  const answer: any = JSON.parse(utf8.decode(body));
  if (httpStatus !== 200 || answer.result?.resultStatus !== 'S') throw new Refusal(422, 'NOT_DECODED');
  const { paymentRequestId, paymentExpiryTime, paymentFactor = {} } = answer;
  if (typeof paymentRequestId !== 'string' || paymentRequestId.length > 64) throw unpayable();
  if (typeof paymentExpiryTime !== 'string' || Number.isNaN(Date.parse(paymentExpiryTime))) throw unpayable();
  if (answer.actionForm?.actionType !== 'HANDLE_BY_PSP' || paymentFactor.needSurcharge === 'true') {
    throw unpayable();
  }
  const decoded = {
    paymentRequestId,
    scenario: paymentFactor.isInStorePayment === 'true' ? 'MERCHANT_PRESENTED' : 'CASHIER',
    acquirerId: answer.acquirerId,
    pspId: answer.pspId,
    paymentAmount: amountOf(answer.paymentAmount),
    payToAmount: amountOf(answer.payToAmount),
    quoteId: answer.paymentQuote?.quoteId,
    expiresAt: paymentExpiryTime,
    notifyUrl: String(answer.paymentNotifyUrl),
    content: contentOf(answer),
  };
  return { ...decoded, contentHash: createHash('sha256').update(JSON.stringify(decoded)).digest() };
}

// eslint-disable-next-line typescript/no-explicit-any
function contentOf({ order = {}, paymentQuote, paymentPromoInfo = {} }: any): Content {
  const { merchant = {} } = order;
  return {
    promotions: paymentPromoInfo.paymentPromoDetails ?? [],
    surcharged: false,
    referenceOrderId: order.referenceOrderId,
    orderDescription: order.orderDescription,
    orderAmount: order.orderAmount,
    merchant: {
      referenceMerchantId: merchant.referenceMerchantId,
      merchantName: merchant.merchantName,
      merchantDisplayName: merchant.merchantDisplayName,
      merchantMCC: merchant.merchantMCC,
      region: merchant.merchantAddress?.region,
      storeName: merchant.store?.storeDisplayName,
    },
    exchangeRate: paymentQuote && {
      quoteCurrencyPair: paymentQuote.quoteCurrencyPair,
      quotePrice: paymentQuote.quotePrice,
    },
  };
}

function amountOf(amount: { currency?: unknown; value?: unknown } | undefined): Amount {
  const { currency, value } = amount ?? {};
  if (typeof currency !== 'string' || typeof value !== 'string') throw unpayable();
  if (!CURRENCY.test(currency) || !AMOUNT.test(value)) throw unpayable();
  return { currency, value };
}

function unpayable(): Refusal {
  return new Refusal(422, 'NOT_PAYABLE');
}
