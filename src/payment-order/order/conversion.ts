import { Decimal } from 'decimal.js';
import { MAX_AMOUNT_DIGITS } from '../../platform/currencies.js';
import type { Money } from './money.js';

/**
 * Rates and amounts are computed with enough digits for the longest amount and a rate and its unit at their limits, in
 * a Decimal class of our own, so that no other code can change its configuration.
 */
const Exact = Decimal.clone({ precision: MAX_AMOUNT_DIGITS + 50 });

const ONE = new Exact(1);
const HALF = new Exact('0.5');

/** A rate as it is quoted by Alipay+: one unit of the first currency of the pair is `price` of the second. */
export interface Rate {
  /** For example `JPY/HKD`; the order's currency may stand on either side. */
  readonly quoteCurrencyPair: string;
  readonly quotePrice: string;
  /** How much of the base currency the price is for; absent means 1. */
  readonly quoteUnit?: string;
}

/**
 * Whether `payTo` is `payment` at this rate. Alipay+ converts and rounds the order's amount and each promotion by
 * itself and subtracts afterwards, and we only see what is left. So the two may lie half a unit apart, and half a unit
 * more for each promotion, in the larger of the two units.
 */
export function isWithinTolerance(payment: Money, payTo: Money, rate: Rate, promotions: number): boolean {
  const factor = factorOf(rate, payment.currency, payTo.currency);
  if (!factor) return false;
  const distance = new Exact(payment.value.toString()).mul(factor).sub(payTo.value.toString()).abs();
  const tolerance = promotions === 0 ? HALF : HALF.add(HALF.mul(promotions).mul(Decimal.max(ONE, factor)));
  return distance.lte(tolerance);
}

/** Whether two prices are one number, however many zeros they are written with. */
export function isSamePrice(one: string, other: string): boolean {
  const price = positive(one);
  return price !== undefined && positive(other)?.equals(price) === true;
}

/**
 * Minor units of `to` for one minor unit of `from`, or undefined when the pair does not name exactly these two or the
 * rate is not a positive number. The price relates minor units to minor units (8.5614 for JPY/HKD: 1 JPY is 8.5614 HK cents).
 */
function factorOf(rate: Rate, from: string, to: string): Decimal | undefined {
  const price = positive(rate.quotePrice);
  const unit = rate.quoteUnit === undefined ? ONE : positive(rate.quoteUnit);
  if (!price || !unit) return undefined;
  if (rate.quoteCurrencyPair === `${from}/${to}`) return unit === ONE ? price : price.div(unit);
  if (rate.quoteCurrencyPair === `${to}/${from}`) return unit.div(price);
  return undefined;
}

function positive(text: string): Decimal | undefined {
  if (!/^\d{1,40}(\.\d{1,40})?$/.test(text)) return undefined;
  const number = new Exact(text);
  return number.isPositive() && !number.isZero() ? number : undefined;
}
