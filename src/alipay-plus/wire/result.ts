import { oneOf, text } from './scalars.js';
import { object, Optional, Required, UNCONDITIONAL } from './wire-field.js';

/** How a call or a payment ended. API page userInitiatedPay, response: result. */
export class Result {
  /** The outcome in detail; decides nothing before `resultStatus` has. */
  @Required(text(64))
  readonly resultCode?: string;

  /** `S` succeeded, `F` failed for good, `U` unknown. */
  @Required(oneOf(['S', 'F', 'U']))
  readonly resultStatus?: string;

  /** For people; never read by code. */
  @Optional(text(256), UNCONDITIONAL)
  readonly resultMessage?: string;
}

/** An answer that says how the call went and nothing else: to notifyPayment from Alipay+, to cancelPayment from us. */
export class ResultOnlyResponse {
  /** How the call went. */
  @Required(object(Result))
  readonly result!: Result;
}
