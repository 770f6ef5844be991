import { FROM_MERCHANT, UNCONDITIONAL } from './presence.js';
import { oneOf, text } from './scalars.js';
import { Optional } from './wire-field.js';

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
