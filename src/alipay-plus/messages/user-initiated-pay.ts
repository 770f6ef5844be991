import { readJsonBody } from '../wire/json-body.js';
import { UserInitiatedPayRequest, UserInitiatedPayResponse } from '../wire/user-initiated-pay.js';
import { isJsonObject, wireReaderOf, type JsonObject, type WireFault } from '../wire/wire-reader.js';
import { notPayableReasons, type NotPayableReason } from './payable-rules.js';
import { writeWire, type Written } from './write-message.js';

/** The body of userInitiatedPay, or every field that the API would refuse, before anything is called. */
export function writeUserInitiatedPay(request: UserInitiatedPayRequest): Written {
  return writeWire(UserInitiatedPayRequest, request);
}

/** An answer that could be read, whatever it says. */
export interface ReadUserInitiatedPay {
  readonly readable: true;
  readonly response: UserInitiatedPayResponse;
  /** Empty: the order may be paid as it stands. */
  readonly notPayable: readonly NotPayableReason[];
  /** What breaks the API without touching money: kept, cut or left out, never a reason to refuse a payer. */
  readonly tolerated: readonly WireFault[];
}

export interface UnreadableAnswer {
  readonly readable: false;
  readonly reason: string;
}

const readResponse = wireReaderOf(UserInitiatedPayResponse);

/**
 * Reads an answer of userInitiatedPay: tolerant with display texts, strict with money. Nothing is guessed: what cannot
 * be read is undefined in `response` and named in `notPayable` or `tolerated`.
 */
export function readUserInitiatedPay(body: Buffer): ReadUserInitiatedPay | UnreadableAnswer {
  const parsed = readJsonBody(body);
  return parsed.readable ? readUserInitiatedPayJson(parsed.json) : parsed;
}

/** The same for a body that has been parsed already. */
export function readUserInitiatedPayJson(json: JsonObject): ReadUserInitiatedPay | UnreadableAnswer {
  if (!isJsonObject(json.result)) return { readable: false, reason: 'result is missing' };
  const faults: WireFault[] = [];
  const response = readResponse(json, faults);
  const { notPayable, tolerated } = notPayableReasons(response, json, faults);
  return { readable: true, response, notPayable, tolerated };
}
