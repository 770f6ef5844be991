import { UNCONDITIONAL } from './presence.js';
import { text } from './scalars.js';
import { Optional, Required } from './wire-field.js';

/** An authorisation for Auto Debit. API page userInitiatedPay, response: authorizationInfo. */
export class AuthorizationInfo {
  /** The id the auth client gave the authorisation. */
  @Required(text(64))
  readonly referenceAgreementId?: string;

  /** The id the acquirer gave the auth client, which is mostly the merchant. */
  @Required(text(64))
  readonly authClientId?: string;

  /** A text of the auth client that has to come back to it. */
  @Optional(text(256), UNCONDITIONAL)
  readonly authState?: string;
}
