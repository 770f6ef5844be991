import { decimalsOf, isCurrency } from '../../../payment-order/order/money.js';
import type { FieldFault } from '../../../platform/http/problem.js';

/** The filters in major units, and those of the API in minor units. */
const MINOR_NAMES = { 'from-amount': 'amountMin', 'to-amount': 'amountMax' } as const;
export type MajorFilter = keyof typeof MINOR_NAMES;

type Asked = Readonly<Record<string, string>>;

const FILTERS = Object.entries(MINOR_NAMES) as readonly (readonly [MajorFilter, string])[]; // the keys of the table
const DECIMAL = /^(\d{1,30})(?:[.](\d{1,4}))?$/;
/** Commas or blanks may separate thousands; any other comma could mean a decimal point, and is refused. */
const GROUPED = /^\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:[.]\d*)?$/;

export interface InMinorUnits {
  readonly asked: Asked;
  readonly faults: readonly FieldFault[];
}

/** The filters of a form as those of the API: exact, or with the fault of the field. */
export function inMinorUnits(asked: Asked): InMinorUnits {
  const { currency } = asked;
  const faults: FieldFault[] = [];
  const wanted: Record<string, string> = { ...asked };
  for (const [major, minor] of FILTERS) {
    const text = asked[major];
    if (text === undefined) continue;
    delete wanted[major];
    if (currency === undefined || !isCurrency(currency)) {
      faults.push({ field: 'currency', rule: 'is required beside an amount' });
      continue;
    }
    const value = minorUnits(text, decimalsOf(currency));
    if (value === undefined) {
      faults.push({ field: major, rule: `must be an amount in ${currency}, such as ${exampleOf(currency)}` });
    } else wanted[minor] = value;
  }
  return { asked: wanted, faults };
}

/** The reverse, for an address with minor units. */
export function withMajorUnits(asked: Asked): Asked {
  const { currency } = asked;
  if (currency === undefined || !isCurrency(currency)) return asked;
  const shown: Record<string, string> = { ...asked };
  for (const [major, minor] of FILTERS) {
    const value = asked[minor];
    if (value !== undefined && /^\d+$/.test(value)) shown[major] ??= majorText(value, decimalsOf(currency));
  }
  return shown;
}

/** A fault found by the API, with the names of the fields that were filled in. */
export function inFormWords({ field, rule }: FieldFault, asked: Asked): FieldFault {
  const filledIn = FILTERS.filter(([major]) => asked[major] !== undefined);
  const inForm = (text: string): string =>
    filledIn.reduce((said, [major, minor]) => said.replaceAll(minor, major), text);
  return { field: inForm(field), rule: inForm(rule) };
}

function minorUnits(text: string, decimals: number): string | undefined {
  const [, whole, fraction = ''] =
    DECIMAL.exec(GROUPED.test(text) ? text.replaceAll(/[, ]/g, '') : text) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`).toString();
}

function majorText(value: string, decimals: number): string {
  if (decimals === 0) return value;
  const digits = value.padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function exampleOf(currency: string): string {
  return majorText('8561', decimalsOf(currency));
}
