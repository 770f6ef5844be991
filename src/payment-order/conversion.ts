import { Decimal } from 'decimal.js';
import type { Money } from './money.js';

/**
 * Rates and amounts are computed with enough digits for an amount of 40 digits and a rate of 15 decimals, in a
 * Decimal of our own, so that nobody else's configuration changes ours.
 */
const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -60, toExpPos: 60 });

const ONE = new Exact(1);
const HALF = new Exact('0.5');

/** A rate as it is quoted (seed 002, Quote): one unit of the first currency of the pair is `price` of the second. */
export interface Rate {
  /** For example `JPY/HKD`; the order's currency may stand on either side. */
  readonly quoteCurrencyPair: string;
  readonly quotePrice: string;
  /** How much of the base currency the price is for; absent means 1. */
  readonly quoteUnit?: string;
}

/**
 * Minor units of `to` for one minor unit of `from`, or undefined when the pair does not name exactly these two or the
 * rate is not a positive number. The price relates minor units to minor units (seed case 1: 1 JPY is 8.5614 HK cents).
 */
export function factorOf(rate: Rate, from: string, to: string): Decimal | undefined {
  const price = positive(rate.quotePrice);
  const unit = rate.quoteUnit === undefined ? ONE : positive(rate.quoteUnit);
  if (!price || !unit) return undefined;
  if (rate.quoteCurrencyPair === `${from}/${to}`) return unit === ONE ? price : price.div(unit);
  if (rate.quoteCurrencyPair === `${to}/${from}`) return unit.div(price);
  return undefined;
}

/** Converted to the nearest minor unit; undefined when the rate is not one for these two currencies. */
export function convert(money: Money, rate: Rate, to: string): Money | undefined {
  const factor = factorOf(rate, money.currency, to);
  if (!factor) return undefined;
  return { currency: to, value: nearest(new Exact(money.value.toString()).mul(factor)) };
}

/**
 * What an amount becomes after promotions: every leg is converted and rounded by itself, then subtracted. Rounding the
 * whole instead would be off by a unit in both published cases.
 */
export function convertLess(
  amount: Money,
  promotions: readonly Money[],
  rate: Rate,
  to: string,
): Money | undefined {
  const whole = inCurrency(amount, rate, to);
  if (!whole) return undefined;
  let { value } = whole;
  for (const promotion of promotions) {
    const leg = inCurrency(promotion, rate, to);
    if (!leg) return undefined;
    value -= leg.value;
  }
  return { currency: to, value };
}

function inCurrency(money: Money, rate: Rate, to: string): Money | undefined {
  return money.currency === to ? money : convert(money, rate, to);
}

function nearest(amount: Decimal): bigint {
  return BigInt(amount.toDecimalPlaces(0).toFixed(0));
}

function positive(text: string): Decimal | undefined {
  if (!/^\d{1,40}(\.\d{1,40})?$/.test(text)) return undefined;
  const number = new Exact(text);
  return number.isPositive() && !number.isZero() ? number : undefined;
}

/** How far `payTo` may lie from `payment × rate` when every leg was rounded by itself (protocol notes 4.9). */
export function isWithinTolerance(payment: Money, payTo: Money, rate: Rate, promotions: number): boolean {
  const factor = factorOf(rate, payment.currency, payTo.currency);
  if (!factor) return false;
  const distance = new Exact(payment.value.toString()).mul(factor).sub(payTo.value.toString()).abs();
  const tolerance = promotions === 0 ? HALF : HALF.add(HALF.mul(promotions).mul(Decimal.max(ONE, factor)));
  return distance.lte(tolerance);
}
