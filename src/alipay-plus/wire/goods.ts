import { Amount } from './amount.js';
import { FROM_MERCHANT, UNCONDITIONAL } from './presence.js';
import { natural, text } from './scalars.js';
import { Optional, Required, whole } from './wire-field.js';

/** One line of what is bought. API page userInitiatedPay, response: order.goods. */
export class Goods {
  /** The merchant's own id of the article. */
  @Required(text(64))
  readonly referenceGoodsId?: string;

  /** What it is called. */
  @Required(text(256))
  readonly goodsName?: string;

  /** What kind of article it is. */
  @Optional(text(256), UNCONDITIONAL)
  readonly goodsCategory?: string;

  /** Price of one piece. */
  @Optional(whole(Amount), FROM_MERCHANT)
  readonly goodsUnitAmount?: Amount;

  /** How many pieces. */
  @Optional(natural(), FROM_MERCHANT)
  readonly goodsQuantity?: string;
}
