import { UserInitiatedPayRequest } from './wire/user-initiated-pay-request.js';
import { writeWire, type Written } from './write-wire.js';

export interface ScanToDecode {
  readonly codeValue: string;
  readonly customerId: string;
  readonly passThroughInfo?: string | undefined;
  readonly indirectMpp?:
    { readonly indirectMppId: string; readonly indirectMppName?: string | undefined } | undefined;
}

/** The body of userInitiatedPay, or every field that the API would refuse, before anything is called. */
export function writeUserInitiatedPay(scan: ScanToDecode): Written {
  return writeWire(UserInitiatedPayRequest, scan);
}
