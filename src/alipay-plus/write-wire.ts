import type { WireClass } from './wire/wire-field.js';
import { wireReaderOf, type WireFault } from './wire/wire-reader.js';

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
