import type { SignatureVerdict } from '../signature/message-signature.js';
import type { Result } from '../wire/result.js';
import { judgeAnswer } from './judge-answer.js';

const verified: SignatureVerdict = { verified: true };
const unsigned: SignatureVerdict = { verified: false, reason: 'unsigned' };
const badlySigned: SignatureVerdict = { verified: false, reason: 'bad_signature' };
const unknownKey: SignatureVerdict = { verified: false, reason: 'unknown_key' };

const S: Result = { resultStatus: 'S', resultCode: 'SUCCESS' };
const F: Result = { resultStatus: 'F', resultCode: 'BRAND_NEW' };
const U: Result = { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' };
const traffic: Result = { resultStatus: 'U', resultCode: 'REQUEST_TRAFFIC_EXCEED_LIMIT' };

describe('judgeAnswer', () => {
  it.each<[string, number, SignatureVerdict, Result | undefined, string]>([
    ['a signed S', 200, verified, S, 'accepted'],
    ['a signed S with 201', 201, verified, S, 'accepted'],
    ['a signed S in a failing response', 400, verified, S, 'unknown http_status'],
    ['a signed F, whatever its code', 200, verified, F, 'rejected'],
    ['a signed F with 4xx', 404, verified, F, 'rejected'],
    ['a signed F with 5xx', 500, verified, F, 'unknown http_status'],
    ['a signed U', 200, verified, U, 'unknown result_unknown'],
    ['a signed U for too much traffic', 200, verified, traffic, 'unknown throttled'],
    [
      'a signed F for too much traffic',
      200,
      verified,
      { resultStatus: 'F', resultCode: 'REQUEST_TRAFFIC_EXCEED_LIMIT' },
      'rejected',
    ],
    ['a signed answer without a status', 200, verified, {}, 'unknown result_unknown'],
    [
      'a signed answer with an unlisted status',
      200,
      verified,
      { resultStatus: 's' },
      'unknown result_unknown',
    ],
    ['a signed answer that is no JSON', 200, verified, undefined, 'unknown unreadable'],
    ['an unsigned S', 200, unsigned, S, 'unknown unsigned'],
    ['an unsigned F', 200, unsigned, F, 'unknown unsigned'],
    ['an unsigned F with 4xx', 400, unsigned, F, 'unknown unsigned'],
    ['an unsigned page', 200, unsigned, undefined, 'unknown unsigned'],
    ['an unsigned page with 404', 404, unsigned, undefined, 'unknown http_status'],
    ['JSON of a proxy with 403', 403, unsigned, {}, 'unknown http_status'],
    ['an unsigned 429', 429, unsigned, undefined, 'unknown throttled'],
    ['an unsigned answer for too much traffic', 200, unsigned, traffic, 'unknown throttled'],
    ['a badly signed 429', 429, badlySigned, traffic, 'unknown bad_signature'],
    ['a badly signed S', 200, badlySigned, S, 'unknown bad_signature'],
    ['a badly signed F with 4xx', 400, badlySigned, F, 'unknown bad_signature'],
    ['an S signed with a key we do not know', 200, unknownKey, S, 'unknown unknown_key'],
    ['a signed S in a redirect', 302, verified, S, 'unknown redirect'],
    ['a signed S with 503', 503, verified, S, 'unknown http_status'],
    ['an unsigned 500', 500, unsigned, undefined, 'unknown http_status'],
  ])('judges %s', (_, httpStatus, verdict, result, expected) => {
    const judged = judgeAnswer({ httpStatus, verdict, result });
    expect(judged.outcome === 'unknown' ? `unknown ${judged.reason}` : judged.outcome).toBe(expected);
  });

  it('accepts nothing and rejects nothing whose signature is not verified', () => {
    const statuses = Array.from({ length: 500 }, (_, index) => index + 100);
    for (const httpStatus of statuses) {
      for (const verdict of [unsigned, badlySigned, unknownKey]) {
        for (const result of [S, F, U, traffic, undefined]) {
          expect(judgeAnswer({ httpStatus, verdict, result }).outcome).toBe('unknown');
        }
      }
    }
  });
});
