import { IndirectMpp } from './indirect-mpp.js';
import { text } from './scalars.js';
import { object, Optional, Required } from './wire-field.js';

/** Asks what a scanned order code means. API page userInitiatedPay, request. */
export class UserInitiatedPayRequest {
  /** What the payer scanned, character for character: it is the key a repetition is recognised by. */
  @Required(text(512))
  readonly codeValue!: string;

  /** Our id of the payer; another payer with the same code is refused as REPEAT_REQ_INCONSISTENT. */
  @Required(text(64))
  readonly customerId!: string;

  /** Key-value pairs for the acquirer. */
  @Optional(text(20000), 'if we have something to tell the acquirer')
  readonly passThroughInfo?: string;

  /** The wallet that pays through ours. */
  @Optional(object(IndirectMpp), 'if another wallet pays through ours')
  readonly indirectMpp?: IndirectMpp;
}
