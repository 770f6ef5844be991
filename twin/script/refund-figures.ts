import type { JsonObject } from '../wire/json.js';
import { figuresOf, type Figures, type Quote } from './figures.js';
import { convert, rateBetween } from './rate.js';
import type { Money, Script } from './script.js';

/** One refund in the twin's request: its fields besides the ids. */
export interface RefundTerms extends JsonObject {
  readonly refundAmount: JsonObject;
  readonly refundFromAmount?: JsonObject;
  readonly refundQuote?: JsonObject;
  readonly surchargeInfo?: JsonObject;
}

/**
 * The amounts of successive refunds. Each is converted at the rate of the payment and rounded by itself; the one that
 * completes the payment requests the rest, so that rounding never exceeds the payment.
 */
export function refundTermsOf(script: Script, amounts: readonly Money[]): readonly RefundTerms[] {
  const figures = figuresOf(script);
  let sofar = { pay: 0n, payTo: 0n, surcharge: 0n };
  return amounts.map((amount) => {
    const pay = sofar.pay + amount.value;
    const isLast = pay === figures.paymentAmount.value;
    const of = (whole: bigint, before: bigint): bigint =>
      isLast ? whole - before : convert(amount.value, rateBetween(figures.paymentAmount.value, whole));
    const payTo = of(figures.payToAmount.value, sofar.payTo);
    const surcharge = figures.surcharge ? of(figures.surcharge.amount.value, sofar.surcharge) : 0n;
    sofar = { pay, payTo: sofar.payTo + payTo, surcharge: sofar.surcharge + surcharge };
    return termsOf(figures, amount, { payTo, surcharge });
  });
}

function termsOf(
  figures: Figures,
  refundAmount: Money,
  { payTo, surcharge }: { readonly payTo: bigint; readonly surcharge: bigint },
): RefundTerms {
  const { payToAmount, paymentQuote, surcharge: whole } = figures;
  return {
    refundAmount: wire(refundAmount),
    refundFromAmount: wire({ ...payToAmount, value: payTo }),
    ...(paymentQuote && { refundQuote: quote(paymentQuote) }),
    ...(whole && {
      surchargeInfo: {
        surchargeAmount: wire({ ...whole.amount, value: surcharge }),
        surchargeQuote: quote(whole.quote),
      },
    }),
  };
}

function wire({ value, currency }: Money): JsonObject {
  return { value: value.toString(), currency };
}

function quote({ quoteCurrencyPair, quotePrice }: Quote): JsonObject {
  return { quoteId: 'refund-quote', quoteCurrencyPair, quotePrice };
}
