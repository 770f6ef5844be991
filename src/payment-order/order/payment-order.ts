import type { Money } from './money.js';
import type { PaymentResult } from './payment-result.js';
import type { NotificationStatus, PaymentStatus } from './payment-status.js';

/** How the payer came to the code, by the two flags that may be trusted for it (seed 002, payment scenarios). */
export const SCENARIOS = ['MERCHANT_PRESENTED', 'CASHIER', 'OTHER'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Promotion {
  readonly promoId?: string;
  readonly promoName?: string;
  readonly promoType?: string;
  readonly savingsAmount?: { readonly currency: string; readonly value: string };
}

/** What the payer is shown; kept as decoded, never recomputed. */
export interface OrderContent {
  readonly referenceOrderId?: string;
  readonly orderDescription?: string;
  readonly orderAmount?: { readonly currency: string; readonly value: string };
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
}

/** What an accepted answer says about an order, ready to be kept. */
export interface DecodedOrder {
  readonly paymentRequestId: string;
  readonly scenario: Scenario;
  readonly acquirerId?: string;
  readonly pspId?: string;
  readonly paymentAmount?: Money;
  /** Settlement: what the wallet owes Alipay+. */
  readonly payToAmount?: Money;
  /** What the payer pays: the surcharged amount where there is one, else `payToAmount`. */
  readonly payAmount?: Money;
  readonly quoteId?: string;
  readonly quoteExpiresAt?: Date;
  readonly expiresAt?: Date;
  readonly notifyUrl: string;
  readonly content: OrderContent;
  /** Present when the order may not be paid; says why in fixed words. */
  readonly heldReason?: string;
  readonly amountFlag?: string;
}

/** A payment order as kept; absent amounts only ever on an order that was held. */
export interface PaymentOrder {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly customerId: string;
  readonly status: PaymentStatus;
  readonly scenario: Scenario;
  readonly paymentAmount?: Money;
  readonly payToAmount?: Money;
  readonly payAmount?: Money;
  readonly quoteId?: string;
  readonly quoteExpiresAt?: Date;
  readonly expiresAt: Date;
  readonly notifyUrl: string;
  readonly content: OrderContent;
  readonly contentConflict: boolean;
  readonly heldReason?: string;
  readonly cancelRequestedAt?: Date;
  readonly result?: PaymentResult;
  readonly paymentTime?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Absent until the order is final. */
  readonly notificationStatus?: NotificationStatus;
  /** The database's clock when this was read: deadlines are held against it, not against ours. */
  readonly readAt: Date;
}
