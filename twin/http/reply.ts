import type { Result } from '../wire/result.js';

/** How an answer is signed: properly, not at all, or over something else. */
export type Dress = 'signed' | 'unsigned' | 'badsig';

/** The possible faults of all answers at once. */
export const LIES = ['unsigned', 'badsig', 'garbage'] as const;
export type Lie = (typeof LIES)[number];

export interface Reply {
  readonly httpStatus: number;
  readonly body: Buffer;
  readonly dress: Dress;
  /** The result in the body, for the call log; null when the body is not readable. */
  readonly result: Result | null;
  readonly contentType?: string;
  readonly location?: string;
}

export function resultReply(result: Result, dress: Dress = 'signed', httpStatus = 200): Reply {
  return { httpStatus, body: Buffer.from(JSON.stringify({ result })), dress, result };
}

/** Bytes that begin like a success and end in the middle. */
export function garbageReply(dress: Dress = 'signed', httpStatus = 200): Reply {
  return {
    httpStatus,
    body: Buffer.from('{"result":{"resultStatus":"S","resultCode":'),
    dress,
    result: null,
  };
}

/** The same answer with a fault, so that nobody may trust it. */
export function lied(reply: Reply, lie: Lie): Reply {
  return lie === 'garbage' ? garbageReply('signed', reply.httpStatus) : { ...reply, dress: lie };
}

export function htmlReply(httpStatus: number): Reply {
  const body = '<!doctype html><title>Gateway</title><h1>Please come back later</h1>';
  return {
    httpStatus,
    body: Buffer.from(body),
    dress: 'unsigned',
    result: null,
    contentType: 'text/html; charset=UTF-8',
  };
}
