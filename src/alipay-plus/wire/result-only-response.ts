import { Result } from './result.js';
import { object, Required } from './wire-field.js';

/** An answer that says how the call went and nothing else: to notifyPayment from Alipay+, to cancelPayment from us. */
export class ResultOnlyResponse {
  /** How the call went. */
  @Required(object(Result))
  readonly result!: Result;
}
