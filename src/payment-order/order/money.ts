import { CURRENCY_DIGITS } from '../../platform/currencies.js';

/** An amount in minor units (cents, yen, fils): exact at any size. */
export interface Money {
  readonly currency: string;
  readonly value: bigint;
}

/** The wire and REST shape of `Money`: the value as a string of digits. */
export interface Amount {
  readonly currency: string;
  readonly value: string;
}

/** An amount with the text a person reads beside it. */
export interface ShownAmount extends Amount {
  readonly display: string;
}

const NATURAL_NUMBER = /^[1-9]\d*$/;

/** Reads a natural number >= 1 of any size; anything else is undefined, never a guess. */
export function readMoney(amount: { readonly currency: string; readonly value: string }): Money | undefined {
  if (!NATURAL_NUMBER.test(amount.value) || !isCurrency(amount.currency)) return undefined;
  return { currency: amount.currency, value: BigInt(amount.value) };
}

/** As `readMoney`, of our own record: it may be older than the end of its currency, which Node still knows. */
export function keptMoney(amount: { readonly currency: string; readonly value: string }): Money | undefined {
  const { currency, value } = amount;
  const isKnown = isCurrency(currency) || KNOWN_TO_NODE.has(currency);
  return isKnown && NATURAL_NUMBER.test(value) ? { currency, value: BigInt(value) } : undefined;
}

const KNOWN_TO_NODE: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export function toAmount(money: Money): Amount {
  return { currency: money.currency, value: money.value.toString() };
}

export function toShownAmount(money: Money): ShownAmount {
  return { ...toAmount(money), display: displayMoney(money) };
}

/** An amount as somebody else stated it, with its text where there is one. */
export interface StatedAmount extends Amount {
  readonly display?: string;
}

export function toStatedAmount(amount: Amount): StatedAmount {
  const money = keptMoney(amount);
  return money ? toShownAmount(money) : amount;
}

export function sameMoney(left: Money, right: Money): boolean {
  return left.currency === right.currency && left.value === right.value;
}

/** True for an alphabetic code of ISO 4217. */
export function isCurrency(code: string): boolean {
  return CURRENCY_DIGITS.has(code);
}

/**
 * Decimals between the minor and the major unit by ISO 4217: 0 for JPY, 2 for HKD, 3 for BHD, 4 for UYW. An order may be
 * older than the end of its currency, so that one which the list no longer has is looked up in Node's.
 */
export function decimalsOf(currency: string): number {
  const decimals = CURRENCY_DIGITS.get(currency);
  if (decimals !== undefined) return decimals;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * The amount as a person reads it, for example `HK$85.18` or `¥1,000`. `Intl` takes the exact decimal text, so that
 * an amount beyond 2^53 is shown to the last digit.
 */
export function displayMoney(money: Money, locale = 'en'): string {
  const decimals = decimalsOf(money.currency);
  // TypeScript's library declares only number and bigint here; ECMA-402 (Intl.NumberFormat v3) takes decimal text.
  return formatFor(money.currency, decimals, locale).format(
    majorUnits(money.value, decimals) as unknown as bigint,
  );
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a formatter costs a hundred times more than using one. */
function formatFor(currency: string, decimals: number, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format;
}

function majorUnits(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
