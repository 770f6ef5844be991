import { currency, natural } from './scalars.js';
import { Required } from './wire-field.js';

/** Money. API page userInitiatedPay, response: order.orderAmount and every other Amount. */
export class Amount {
  /** Three capital letters of ISO 4217. */
  @Required(currency())
  readonly currency!: string;

  /** Minor units (cents, yen, fils) without an upper bound, so it stays text: no number type holds it. */
  @Required(natural())
  readonly value!: string;
}
