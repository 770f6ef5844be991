import { currency, currencyPair, decimal, natural, sideTime, text } from './scalars.js';
import { Optional, Required, UNCONDITIONAL } from './wire-field.js';

/** Money. API page userInitiatedPay, response: order.orderAmount and every other Amount. */
export class Amount {
  /** Three capital letters of ISO 4217. */
  @Required(currency())
  readonly currency!: string;

  /** Minor units (cents, yen, fils) without an upper bound, so it stays text: no number type holds it. */
  @Required(natural())
  readonly value!: string;
}

/** An exchange rate. API page userInitiatedPay, response: paymentQuote, surchargeInfo.surchargeQuote. */
export class Quote {
  /** The id Alipay+ gave the rate; a debit keeps the one it used. */
  @Required(text(64))
  readonly quoteId!: string;

  /** Base and quote currency as in EUR/USD; the order currency may stand on either side. */
  @Required(currencyPair())
  readonly quoteCurrencyPair!: string;

  /** Quote currency per unit of the base currency; up to 15 decimals, and may be below 1. */
  @Required(decimal(32))
  readonly quotePrice!: string;

  /** From when the rate holds. */
  @Optional(sideTime(), UNCONDITIONAL)
  readonly quoteStartTime?: string;

  /** Until when the rate holds: afterwards the order must not be debited at it. */
  @Optional(sideTime(), UNCONDITIONAL)
  readonly quoteExpiryTime?: string;

  /** The first currency of the pair, once more. */
  @Optional(currency(), UNCONDITIONAL)
  readonly baseCurrency?: string;

  /** The amount in the base currency that the rate is for. */
  @Optional(text(12), UNCONDITIONAL)
  readonly quoteUnit?: string;
}
