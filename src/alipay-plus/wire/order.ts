import { Amount } from './amount.js';
import { Address, Merchant } from './merchant.js';
import { natural, oneOf, text } from './scalars.js';
import { FROM_MERCHANT, list, object, Optional, Required, UNCONDITIONAL, whole } from './wire-field.js';

/** A person's name. API page userInitiatedPay, response: order.buyer.buyerName, order.shipping.shippingName. */
export class UserName {
  /** Given name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly firstName?: string;

  /** Middle name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly middleName?: string;

  /** Family name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly lastName?: string;

  /** The name as a whole. */
  @Required(text(128))
  readonly fullName?: string;
}

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

/** Who receives the goods, and where. API page userInitiatedPay, response: order.shipping. */
export class Shipping {
  /** The recipient. */
  @Required(object(UserName))
  readonly shippingName?: UserName;

  /** Where it goes. */
  @Required(object(Address))
  readonly shippingAddress?: Address;

  /** Who carries it. */
  @Optional(text(128), FROM_MERCHANT)
  readonly shippingCarrier?: string;

  /** How to reach the recipient. */
  @Optional(text(16), FROM_MERCHANT)
  readonly shippingPhoneNo?: string;
}

/** Who buys, as the merchant knows them. API page userInitiatedPay, response: order.buyer. */
export class Buyer {
  /** The merchant's own id of the buyer; not our customerId. */
  @Optional(text(64), FROM_MERCHANT)
  readonly referenceBuyerId?: string;

  /** The buyer's name. */
  @Optional(object(UserName), FROM_MERCHANT)
  readonly buyerName?: UserName;

  /** How to call the buyer. */
  @Optional(text(24), FROM_MERCHANT)
  readonly buyerPhoneNo?: string;

  /** Where to write to the buyer. */
  @Optional(text(64), FROM_MERCHANT)
  readonly buyerEmail?: string;
}

/** The device the order was placed with. API page userInitiatedPay, response: order.env. */
export class Env {
  /** Browser on a computer or a phone, app, or mini program. */
  @Optional(oneOf(['WEB', 'WAP', 'APP', 'MINI_APP']), UNCONDITIONAL)
  readonly terminalType?: string;

  /** Operating system of the phone. */
  @Optional(oneOf(['IOS', 'ANDROID']), UNCONDITIONAL)
  readonly osType?: string;

  /** Token that stands for the device. */
  @Optional(text(64), FROM_MERCHANT)
  readonly deviceTokenId?: string;

  /** Address of the device in the network. */
  @Optional(text(64), FROM_MERCHANT)
  readonly clientIp?: string;

  /** Cookie the merchant knows the buyer by. */
  @Optional(text(64), FROM_MERCHANT)
  readonly cookieId?: string;

  /** How the browser names itself. */
  @Optional(text(1024), FROM_MERCHANT)
  readonly userAgent?: string;
}

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
