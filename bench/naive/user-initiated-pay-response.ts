interface Amount {
  readonly currency: string;
  readonly value: string;
}

export interface Order {
  readonly referenceOrderId: string;
  readonly orderDescription: string;
  readonly orderAmount: Amount;
  readonly merchant?: {
    readonly merchantDisplayName?: string;
    readonly merchantName?: string;
    readonly merchantMCC?: string;
    readonly merchantAddress?: { readonly region?: string };
    readonly store?: { readonly storeDisplayName?: string };
  };
}

/** As the API's documents describe it, and not checked: nobody writes classes that check all of it in a week. */
export interface UserInitiatedPayResponse {
  readonly result?: { readonly resultStatus?: string };
  readonly paymentRequestId: string;
  readonly acquirerId?: string;
  readonly pspId?: string;
  readonly paymentAmount: Amount;
  readonly payToAmount: Amount;
  readonly paymentQuote?: {
    readonly quoteId?: string;
    readonly quoteCurrencyPair: string;
    readonly quotePrice: string;
  };
  readonly paymentExpiryTime: string;
  readonly paymentNotifyUrl: string;
  readonly order: Order;
  readonly paymentPromoInfo?: { readonly paymentPromoDetails?: object[] };
}
