import { Amount } from './amount.js';
import { Buyer } from './buyer.js';
import { Env } from './env.js';
import { Goods } from './goods.js';
import { Merchant } from './merchant.js';
import { FROM_MERCHANT, UNCONDITIONAL } from './presence.js';
import { text } from './scalars.js';
import { Shipping } from './shipping.js';
import { list, object, Optional, Required, whole } from './wire-field.js';

/**
 * What buyer and merchant agreed on; shown to the payer and kept for risk and regulators, never a basis of the debit.
 * API page userInitiatedPay, response: order.
 */
export class Order {
  /** The merchant's own id of the order: what a payer quotes in a complaint. */
  @Required(text(64))
  readonly referenceOrderId?: string;

  /** What was ordered, in words. */
  @Required(text(256))
  readonly orderDescription?: string;

  /** The price before promotions, for display: it need not equal paymentAmount plus savings. */
  @Required(whole(Amount))
  readonly orderAmount?: Amount;

  /** Who sells. */
  @Required(object(Merchant))
  readonly merchant?: Merchant;

  /** What is bought, line by line. */
  @Optional(list(Goods, 100), FROM_MERCHANT)
  readonly goods?: readonly Goods[];

  /** Who receives it. */
  @Optional(object(Shipping), FROM_MERCHANT)
  readonly shipping?: Shipping;

  /** Who buys. */
  @Optional(object(Buyer), FROM_MERCHANT)
  readonly buyer?: Buyer;

  /** The device the order was placed with. */
  @Optional(object(Env), UNCONDITIONAL)
  readonly env?: Env;
}
