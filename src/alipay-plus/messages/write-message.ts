import type { WireClass } from '../wire/wire-field.js';
import { wireReaderOf, type WireFault } from '../wire/wire-reader.js';

export type Written =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly faults: readonly WireFault[] };

/**
 * The bytes of a message of ours, made once: they are signed, sent and, on a repetition, sent again. Fields go out in
 * the order the class declares them, absent ones and blank texts are left out, since the API forbids `""`.
 */
export function writeWire<T extends object>(type: WireClass<T>, fields: object): Written {
  const faults: WireFault[] = [];
  const message = wireReaderOf(type)({ ...fields }, faults);
  return faults.length === 0
    ? { ok: true, body: Buffer.from(JSON.stringify(message), 'utf8') }
    : { ok: false, faults };
}

/** A message of ours breaks the API. It is made from our own records, so this is a fault in them, not in an input. */
export class UnwritableMessage extends Error {
  readonly code = 'UNWRITABLE_MESSAGE';

  constructor(
    api: string,
    readonly faults: readonly WireFault[],
  ) {
    super(`${api}: ${faults.map(({ field, rule }) => `${field} ${rule}`).join('; ')}`);
    this.name = 'UnwritableMessage';
  }
}

/** Minor units, as the integer our records hold or as the text it came in. */
export interface MoneyToWrite {
  readonly currency: string;
  readonly value: bigint | string;
}

/** The wire shape of an amount: the value as a string of digits, exactly as it was decoded. */
export function wireAmount(money: MoneyToWrite | undefined): { currency: string; value: string } | undefined {
  return money && { currency: money.currency, value: money.value.toString() };
}
