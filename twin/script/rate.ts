/** An exact decimal number: `digits` / 10^`scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;
/** The network's own bounds: 32 characters, 15 decimals. */
const RATE = /^\d{1,16}(\.\d{1,15})?$/;
const MAX_DECIMALS = 15;

export function isRate(text: string): boolean {
  return RATE.test(text) && decimalOf(text).digits > 0n;
}

/** Minor units times rate, to the nearest unit. The rate multiplies minor units, as in the published example (1 JPY is 8.5614 HK cents). */
export function convert(value: bigint, rate: string): bigint {
  const { digits, scale } = decimalOf(rate);
  return nearest(value * digits, 10n ** BigInt(scale));
}

/** The reverse: minor units divided by rate, to the nearest unit. */
export function convertBack(value: bigint, rate: string): bigint {
  const { digits, scale } = decimalOf(rate);
  return nearest(value * 10n ** BigInt(scale), digits);
}

/** The rate from one amount to the other, with up to 15 decimals. */
export function rateBetween(from: bigint, to: bigint): string {
  if (from <= 0n || to <= 0n) return '1';
  return decimalText(nearest(to * 10n ** BigInt(MAX_DECIMALS), from), MAX_DECIMALS);
}

export function inverseOf(rate: string): string {
  const { digits, scale } = decimalOf(rate);
  return rateBetween(digits, 10n ** BigInt(scale));
}

function decimalOf(text: string): Decimal {
  const [, whole = '0', fraction = ''] = DECIMAL.exec(text) ?? [];
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** A rate too small for 15 decimals becomes the smallest possible one, because zero is not a rate. */
function decimalText(digits: bigint, scale: number): string {
  const padded = (digits > 0n ? digits : 1n).toString().padStart(scale + 1, '0');
  const fraction = padded.slice(-scale).replace(/0+$/, '');
  const whole = padded.slice(0, -scale);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function nearest(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
