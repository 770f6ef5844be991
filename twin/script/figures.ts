import { convert, convertBack, inverseOf, rateBetween } from './rate.js';
import type { Money, Script } from './script.js';

/** A quote as in the answer. */
export interface Quote {
  readonly quoteCurrencyPair: string;
  readonly quotePrice: string;
}

/** Every amount of an order, calculated from the few in a script. */
export interface Figures {
  readonly orderAmount: Money;
  readonly paymentAmount: Money;
  readonly payToAmount: Money;
  readonly paymentQuote: Quote | null;
  readonly savingsAmount: Money | null;
  readonly surcharge: { readonly amount: Money; readonly quote: Quote } | null;
}

const DEFAULT_PAY: Money = { value: 1000n, currency: 'JPY' };
const DEFAULT_PAY_TO_CURRENCY = 'HKD';
const DEFAULT_RATE = '8.5614';

/** Why the amounts give no order, or null. */
export function figuresFault(script: Script): string | null {
  const pay = payOf(script);
  const payToCurrency = script.payTo?.currency ?? DEFAULT_PAY_TO_CURRENCY;
  if (script.promo && script.promo.currency !== pay.currency && script.promo.currency !== payToCurrency) {
    return 'promo is in neither currency of the payment';
  }
  const figures = figuresOf(script);
  const values = [
    figures.paymentAmount.value,
    figures.payToAmount.value,
    figures.surcharge?.amount.value ?? 0n,
  ];
  return values.some((value) => value < 0n) ? 'promo is larger than the payment' : null;
}

/**
 * The rule behind the published amounts: each part is converted and rounded by itself, then promotions are subtracted.
 * A named payTo or surcharge is used unchanged, even when it contradicts the rate: this is how a wrong amount is
 * scripted.
 */
export function figuresOf(script: Script): Figures {
  const orderAmount = payOf(script);
  const payToCurrency = script.payTo?.currency ?? DEFAULT_PAY_TO_CURRENCY;
  const isConverted = payToCurrency !== orderAmount.currency;
  const rate = isConverted ? rateOf(script, orderAmount) : '1';
  const promo = promoLegs(script.promo ?? null, orderAmount.currency, rate);
  const payToValue = script.payTo?.value ?? convert(orderAmount.value, rate) - promo.inPayTo;
  const paymentAmount = { value: orderAmount.value - promo.inPay, currency: orderAmount.currency };
  return {
    orderAmount,
    paymentAmount,
    payToAmount: { value: payToValue, currency: payToCurrency },
    paymentQuote: isConverted ? quote(script, orderAmount.currency, payToCurrency, rate) : null,
    savingsAmount: script.promo ? { value: promo.inPayTo, currency: payToCurrency } : null,
    surcharge: surchargeOf(script, paymentAmount, orderAmount, payToCurrency),
  };
}

/** A script that names only `payTo`, in the default currency of pay, is a payment within that currency. */
function payOf(script: Script): Money {
  if (script.pay) return script.pay;
  if (script.payTo?.currency !== DEFAULT_PAY.currency) return DEFAULT_PAY;
  return { value: script.payTo.value + (script.promo?.value ?? 0n), currency: DEFAULT_PAY.currency };
}

function rateOf(script: Script, pay: Money): string {
  if (script.rate !== undefined) return script.rate;
  if (script.payTo === undefined) return DEFAULT_RATE;
  const promo = script.promo?.value ?? 0n;
  return script.promo?.currency === pay.currency
    ? rateBetween(pay.value - promo, script.payTo.value)
    : rateBetween(pay.value, script.payTo.value + promo);
}

function promoLegs(
  promo: Money | null,
  payCurrency: string,
  rate: string,
): { inPay: bigint; inPayTo: bigint } {
  if (promo === null) return { inPay: 0n, inPayTo: 0n };
  return promo.currency === payCurrency
    ? { inPay: promo.value, inPayTo: convert(promo.value, rate) }
    : { inPay: convertBack(promo.value, rate), inPayTo: promo.value };
}

function surchargeOf(script: Script, payment: Money, order: Money, currency: string): Figures['surcharge'] {
  const named = script.surcharge;
  if (named === undefined && script.surchargeRate === undefined) return null;
  const rate = script.surchargeRate ?? rateBetween(payment.value, named?.value ?? 0n);
  const promo = promoLegs(script.promo ?? null, order.currency, rate);
  const amount = named ?? { value: convert(order.value, rate) - promo.inPayTo, currency };
  return { amount, quote: quote(script, order.currency, amount.currency, rate) };
}

function quote(script: Script, from: string, to: string, rate: string): Quote {
  return script.reversedPair
    ? { quoteCurrencyPair: `${to}/${from}`, quotePrice: inverseOf(rate) }
    : { quoteCurrencyPair: `${from}/${to}`, quotePrice: rate };
}
