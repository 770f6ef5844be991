import type { Requirements } from './requirements.js';

/** How the payer came to the code, by the two flags that may be trusted for it. */
export const SCENARIOS = ['MERCHANT_PRESENTED', 'CASHIER', 'OTHER'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Promotion {
  readonly promoId?: string;
  readonly promoName?: string;
  readonly promoType?: string;
  readonly savingsAmount?: { readonly currency: string; readonly value: string };
}

/** One line of what is bought. */
export interface GoodsLine {
  readonly name?: string;
  readonly quantity?: string;
  /** Price of one. */
  readonly unitAmount?: { readonly currency: string; readonly value: string };
}

/** What the payer is shown; kept as decoded, never recomputed. */
export interface OrderContent {
  readonly referenceOrderId?: string;
  readonly orderDescription?: string;
  readonly orderAmount?: { readonly currency: string; readonly value: string };
  readonly goods?: readonly GoodsLine[];
  readonly merchant?: {
    readonly referenceMerchantId?: string;
    readonly merchantName?: string;
    readonly merchantDisplayName?: string;
    readonly merchantMCC?: string;
    readonly region?: string;
    readonly storeName?: string;
  };
  readonly exchangeRate?: { readonly quoteCurrencyPair: string; readonly quotePrice: string };
  readonly promotions: readonly Promotion[];
  readonly surcharged: boolean;
  readonly redirectUrl?: string;
  readonly sdkActionPayload?: string;
  readonly passThroughInfo?: string;
  readonly requirements?: Requirements;
  /** It is kept sealed and no key here opens it: only what money is decided by is known. Never written. */
  readonly isUnreadable?: true;
}
