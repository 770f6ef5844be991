import type { WireFault } from './wire/wire-reader.js';

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
