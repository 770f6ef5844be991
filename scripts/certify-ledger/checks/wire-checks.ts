import { hasDuplicateKey } from '../../../src/platform/http/json-outline.js';
import { quoted } from '../answer-words.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import { mediaTypeOf } from '../core-client.js';
import { MAX_ANSWER_BYTES, type Exchange, type WireAnswer } from '../wire-exchange.js';

const unknownPath: Check = {
  id: 'unknown-path',
  title: 'A path that the contract does not have is not found',
  protects: 'Any other path is answered 404',
  expected: '404 for paths beside and below those of the contract',
  needs: 'nobody',
  async examine(at) {
    const { client } = at;
    const key = at.aKey();
    const body = Buffer.from(JSON.stringify({ key }), 'utf8');
    const wrong = [
      client.signed({ method: 'GET', path: `/debits/${key}/nothing-here` }),
      client.signed({ method: 'GET', path: '/nothing-here' }),
      client.signed({ method: 'POST', path: `/debits/${key}/reversal/again`, key, body }),
    ];
    for (const request of wrong)
      at.expectStatus(`${request.method} ${request.path}`, await client.send(request), 404);
    return `404 for ${wrong.length} paths`;
  },
};

/** Checks all answers so far, so it is near the end of the list. */
const jsonAnswers: Check = {
  id: 'json-answers',
  title: 'Every answer is one JSON object, named as such, and no longer than 64 KiB',
  protects: 'answers 200 with Content-Type: application/json, and echoes the key',
  expected: 'application/json in UTF-8, not compressed, an object without doubled fields, at most 64 KiB',
  needs: 'nobody',
  async examine(at) {
    await at.lookup(at.aKey());
    let longest = 0;
    let answered = 0;
    for (const exchange of at.client.exchanges) {
      const fault = faultOf(exchange);
      if (fault !== undefined) throw new CheckFailure(`${exchange.method} ${exchange.path}: ${fault}`);
      if (typeof exchange.result === 'string' || exchange.result.status !== 200) continue;
      answered += 1;
      longest = Math.max(longest, exchange.result.body.length);
    }
    if (answered === 0) throw new CheckFailure('no call was answered 200');
    return `${answered} answers, the longest has ${longest} bytes`;
  },
};

function faultOf({ result }: Exchange): string | undefined {
  if (result === 'oversized') return `the answer is longer than ${MAX_ANSWER_BYTES} bytes`;
  if (typeof result === 'string') return undefined;
  if (result.status >= 300 && result.status < 400)
    return `status ${result.status}; redirects are never followed`;
  return result.status === 200 ? faultOfBody(result) : undefined;
}

function faultOfBody({ contentType, contentEncoding, body }: WireAnswer): string | undefined {
  if (mediaTypeOf(contentType) !== 'application/json')
    return `the Content-Type is ${contentType === '' ? 'missing' : quoted(contentType)}`;
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') return `the charset is ${quoted(charset)}`;
  if (!['', 'identity'].includes(contentEncoding))
    return `the Content-Encoding is ${quoted(contentEncoding)}`;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return 'the body is no JSON object';
    return hasDuplicateKey(body, value) ? 'a field is told twice' : undefined;
  } catch {
    return 'the body is no JSON in UTF-8';
  }
}

/** Checks all calls so far, so it is at the end of the list. */
const timeLimit: Check = {
  id: 'time-limit',
  title: 'Every answer comes within the time that the service waits for it',
  protects: 'is the longest wait for one answer, connecting included',
  expected: 'each whole answer within the limit, also of the calls that came at the same moment',
  needs: 'nobody',
  async examine(at) {
    await at.lookup(at.aKey());
    const { exchanges, address } = at.client;
    const slowest = slowestOf(exchanges);
    const late = exchanges.filter(({ result }) => result === 'timeout').length;
    const median = exchanges.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)[
      exchanges.length >> 1
    ];
    const limit = `limit ${address.timeoutMs} ms`;
    if (late > 0)
      throw new CheckFailure(
        `${late} of ${exchanges.length} calls had no whole answer in time (${limit}), for one ` +
          `${slowest.method} ${slowest.path}`,
      );
    return `slowest ${Math.ceil(slowest.durationMs)} ms, median ${Math.ceil(median ?? 0)} ms, ${limit}`;
  },
};

export function slowestOf(exchanges: readonly Exchange[]): Exchange {
  const none: Exchange = { method: '', path: '', durationMs: 0, result: '' };
  return exchanges.reduce((slowest, one) => (one.durationMs > slowest.durationMs ? one : slowest), none);
}

export const WIRE_CHECKS: readonly Check[] = [unknownPath, jsonAnswers, timeLimit];
