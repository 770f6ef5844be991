import { createHash } from 'node:crypto';
import type { Answered } from './alipay-plus.js';
import { Refusal } from './refusal.js';

export interface Amount {
  readonly currency: string;
  readonly value: string;
}

export interface Content {
  readonly referenceOrderId?: string | undefined;
  readonly orderDescription?: string | undefined;
  readonly orderAmount?: Amount | undefined;
  readonly merchant?: {
    readonly referenceMerchantId?: string | undefined;
    readonly merchantName?: string | undefined;
    readonly merchantDisplayName?: string | undefined;
    readonly merchantMCC?: string | undefined;
    readonly region?: string | undefined;
    readonly storeName?: string | undefined;
  };
  readonly exchangeRate?: { readonly quoteCurrencyPair: string; readonly quotePrice: string } | undefined;
  readonly promotions: readonly object[];
  readonly surcharged: boolean;
}

export interface DecodedOrder {
  readonly paymentRequestId: string;
  readonly scenario: string;
  readonly acquirerId?: string | undefined;
  readonly pspId?: string | undefined;
  readonly paymentAmount: Amount;
  readonly payToAmount: Amount;
  readonly quoteId?: string | undefined;
  readonly expiresAt: string;
  readonly notifyUrl: string;
  readonly content: Content;
  readonly contentHash: Buffer;
}

/** What may be hoped for; nothing of it is promised. */
interface Answer {
  readonly result?: { readonly resultStatus?: unknown };
  readonly paymentRequestId?: unknown;
  readonly paymentExpiryTime?: unknown;
  readonly paymentNotifyUrl?: unknown;
  readonly acquirerId?: string;
  readonly pspId?: string;
  readonly paymentAmount?: Partial<Record<keyof Amount, unknown>>;
  readonly payToAmount?: Partial<Record<keyof Amount, unknown>>;
  readonly paymentFactor?: Readonly<Record<string, unknown>>;
  readonly actionForm?: { readonly actionType?: unknown };
  readonly paymentQuote?: {
    readonly quoteId?: string;
    readonly quoteCurrencyPair: string;
    readonly quotePrice: string;
  };
  readonly paymentPromoInfo?: { readonly paymentPromoDetails?: readonly object[] };
  readonly order?: Omit<Content, 'merchant' | 'exchangeRate' | 'promotions' | 'surcharged'> & {
    readonly merchant?: Omit<NonNullable<Content['merchant']>, 'region' | 'storeName'> & {
      readonly merchantAddress?: { readonly region?: string };
      readonly store?: { readonly storeDisplayName?: string };
    };
  };
}

const AMOUNT = /^[1-9]\d*$/;
const CURRENCY = /^[A-Z]{3}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What a verified answer says about the order. Anything it does not know how to pay is refused. */
export function readAnswer({ body, httpStatus }: Answered): DecodedOrder {
  const answer = JSON.parse(utf8.decode(body)) as Answer; // foreign JSON: all that money hangs on is looked at by hand
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

function contentOf({ order = {}, paymentQuote, paymentPromoInfo = {} }: Answer): Content {
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
