import { slowsDown } from '../codes/result-codes.js';
import type { SignatureVerdict } from '../signature/message-signature.js';
import type { Result } from '../wire/result.js';
import type { UnknownReason } from './exchange.js';

export interface AnswerToJudge {
  readonly httpStatus: number;
  readonly verdict: SignatureVerdict;
  /** Undefined when the body is not a JSON object. */
  readonly result: Result | undefined;
}

export type Judgement =
  | { readonly outcome: 'accepted' | 'rejected' }
  | { readonly outcome: 'unknown'; readonly reason: UnknownReason };

/**
 * What an answer proves. Only a verified signature makes anything final, and then `resultStatus` alone decides. Whatever
 * proves nothing is unknown, under the reason that says most about where it came from.
 */
export function judgeAnswer({ httpStatus, verdict, result }: AnswerToJudge): Judgement {
  const refused = refusedStatus(httpStatus);
  if (refused) return { outcome: 'unknown', reason: refused };
  if (!verdict.verified)
    return { outcome: 'unknown', reason: unverifiedReason(httpStatus, verdict.reason, result) };
  if (!result) return { outcome: 'unknown', reason: 'unreadable' };
  if (result.resultStatus === 'F') return { outcome: 'rejected' };
  if (result.resultStatus !== 'S') return { outcome: 'unknown', reason: doubtReason(result) };
  // A success in a failing response contradicts itself, and money does not follow a contradiction.
  return isSuccessStatus(httpStatus)
    ? { outcome: 'accepted' }
    : { outcome: 'unknown', reason: 'http_status' };
}

/** Written by a proxy between us and Alipay+, whatever the body says. */
function refusedStatus(httpStatus: number): UnknownReason | undefined {
  if (httpStatus >= 500 || httpStatus < 200) return 'http_status';
  return httpStatus >= 300 && httpStatus < 400 ? 'redirect' : undefined;
}

/**
 * A caller that asks too often often gets an answer that nothing has signed yet. Believing it can only slow us down; a
 * wrong signature matters more.
 */
function unverifiedReason(
  httpStatus: number,
  reason: UnknownReason,
  result: Result | undefined,
): UnknownReason {
  if (reason !== 'unsigned') return reason;
  if (httpStatus === 429 || slowsDown(result?.resultCode)) return 'throttled';
  const isPageOfAProxy = !isSuccessStatus(httpStatus) && !result?.resultStatus;
  return isPageOfAProxy ? 'http_status' : reason;
}

function doubtReason({ resultStatus, resultCode }: Result): UnknownReason {
  return resultStatus === 'U' && slowsDown(resultCode) ? 'throttled' : 'result_unknown';
}

function isSuccessStatus(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}
