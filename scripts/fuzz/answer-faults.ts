import { signedBy } from './believed.js';
import type { FuzzGround } from './fuzz-ground.js';
import { orderFaults, type MadeOrder } from './order-faults.js';
import { isObject, part, readBody, type Read } from './reading.js';
import type { SentAnswer } from './sent-answer.js';

/** What the code under test made of an answer. */
export type Made =
  { readonly outcome: 'order'; readonly order: MadeOrder } | { readonly outcome: 'rejected' | 'unknown' };

type Due = Made['outcome'] | 'order or unknown' | 'rejected or unknown';

/** The faults of what was made of an answer; empty when there are none. */
export function answerFaults(sent: SentAnswer, ground: FuzzGround, made: Made): string[] {
  const faults = outcomeFaults(sent, ground, made.outcome);
  const json = readBody(sent.body);
  return made.outcome === 'order' && json ? [...faults, ...orderFaults(json, made.order, ground)] : faults;
}

/** The same without a check of the order, for an order that an earlier answer with the same id has made. */
export function outcomeFaults(sent: SentAnswer, ground: FuzzGround, outcome: Made['outcome']): string[] {
  const due = dueOutcome(sent, ground);
  return due.split(' or ').includes(outcome) ? [] : [`made ${outcome} of what is ${due}`];
}

export function dueOutcome(sent: SentAnswer, ground: FuzzGround): Due {
  const { httpStatus } = sent;
  const signed = signedBy(sent, ground);
  const json = readBody(sent.body);
  const isTransport = httpStatus < 200 || httpStatus >= 500 || (httpStatus >= 300 && httpStatus < 400);
  if (isTransport || signed === 'no' || !json) return 'unknown';
  const { resultStatus } = part(json, 'result');
  if (resultStatus === 'F') return signed === 'maybe' ? 'rejected or unknown' : 'rejected';
  if (resultStatus !== 'S' || httpStatus >= 300) return 'unknown';
  const id = idOf(json);
  if (id === 'none') return 'unknown';
  return signed === 'maybe' || id === 'odd' ? 'order or unknown' : 'order';
}

/** `odd`: a number or boolean, which may or may not be read as its text. */
function idOf(json: Read): 'usable' | 'odd' | 'none' {
  const { paymentRequestId: id } = json;
  if (typeof id === 'number' || typeof id === 'boolean') return 'odd';
  if (typeof id !== 'string' || isObject(id) || id.trim() === '') return 'none';
  return id.isWellFormed() && !id.includes('\0') && [...id].length <= 64 ? 'usable' : 'none';
}
