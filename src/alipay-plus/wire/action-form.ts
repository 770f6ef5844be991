import { oneOf, text } from './scalars.js';
import { Optional, Required } from './wire-field.js';

/** What has to happen before the payment. API page userInitiatedPay, response: actionForm. */
export class ActionForm {
  /** HANDLE_BY_PSP: we go on ourselves. HANDLE_BY_SDK: the app hands over to the Alipay+ client SDK. */
  @Required(oneOf(['HANDLE_BY_SDK', 'HANDLE_BY_PSP']))
  readonly actionType?: string;

  /** Opaque; goes to the app, and from there into the SDK. */
  @Optional(text(2048), 'with actionType HANDLE_BY_SDK')
  readonly sdkActionPayload?: string;
}
