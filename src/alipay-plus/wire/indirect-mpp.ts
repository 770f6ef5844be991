import { UNCONDITIONAL } from './presence.js';
import { text } from './scalars.js';
import { Optional, Required } from './wire-field.js';

/** A wallet that pays through ours. API page userInitiatedPay, request: indirectMpp. */
export class IndirectMpp {
  /** Its id. */
  @Required(text(64))
  readonly indirectMppId!: string;

  /** Its legal name. */
  @Optional(text(256), UNCONDITIONAL)
  readonly indirectMppName?: string;
}
