import * as fc from 'fast-check';
import { publishedAnswer } from '../spec-support/published-answers.js';
import { readUserInitiatedPay } from './user-initiated-pay.js';

describe('an answer that cannot be read', () => {
  it.each([
    ['no JSON', Buffer.from('<html>'), 'body is not JSON'],
    ['half a JSON', Buffer.from('{"result":{'), 'body is not JSON'],
    ['nothing', Buffer.alloc(0), 'body is not JSON'],
    ['a list', Buffer.from('[]'), 'body is not a JSON object'],
    ['a word', Buffer.from('null'), 'body is not a JSON object'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'body is not UTF-8'],
    [
      'with a key twice',
      Buffer.from('{"result":{"resultStatus":"F"},"result":{}}'),
      'body names a key twice',
    ],
    ['without a result', Buffer.from('{"paymentRequestId":"1"}'), 'result is missing'],
    ['with a result that is a word', Buffer.from('{"result":"S"}'), 'result is missing'],
  ])('is %s', (_, body, reason) => {
    expect(readUserInitiatedPay(body)).toEqual({ readable: false, reason });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(typeof readUserInitiatedPay(Buffer.from(bytes)).readable).toBe('boolean');
        },
      ),
    );
  });

  it('reads a body after a byte order mark', () => {
    const body = Buffer.from(`\uFEFF${JSON.stringify(publishedAnswer())}`);
    expect(readUserInitiatedPay(body)).toMatchObject({ readable: true, notPayable: [] });
  });
});
