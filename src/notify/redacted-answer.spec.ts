import { randomBytes } from 'node:crypto';
import { redactedAnswer } from './redacted-answer.js';

const kept = (text: string): string => redactedAnswer(Buffer.from(text)).toString();
const SECRET = randomBytes(24).toString('base64url');
const SIGNATURE = randomBytes(256).toString('base64');

describe('redactedAnswer', () => {
  it('keeps a usual answer unchanged', () => {
    const answer =
      '{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION","resultMessage":"wörter 好"}}';
    expect(kept(answer)).toBe(answer);
  });

  it.each([
    ['a token by its name', `{"accessToken":"${SECRET}"}`, SECRET],
    ['a token of few letters', '{"x":1,"api_key" : "ab\\"cd","y":2}', 'cd'],
    ['a token that is not closed', `{"token":"${SECRET} ${SECRET}`, SECRET],
    [
      'a signature header in a page',
      `Signature: algorithm=RSA256,keyVersion=1,signature=${SIGNATURE}`,
      SIGNATURE,
    ],
    ['a signature without a name', `<p>${SIGNATURE}</p>`, SIGNATURE],
    ['a bearer token', `Authorization: Bearer ${SECRET}`, SECRET],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${SIGNATURE}\n-----END PRIVATE KEY-----`, SIGNATURE],
    ['a token that the cut goes through', `${'word '.repeat(815)}${SIGNATURE}`, SIGNATURE.slice(0, 10)],
  ])('removes %s', (_what, answer, secret) => {
    expect(kept(answer)).not.toContain(secret);
  });

  it('is never more than 2 KiB, and never half a character', () => {
    for (const answer of ['好'.repeat(9_000), 'a b '.repeat(900_000), 'x'.repeat(5_000)]) {
      const evidence = redactedAnswer(Buffer.from(answer));
      expect(evidence.length).toBeLessThanOrEqual(2_048);
      expect(Buffer.from(evidence.toString()).equals(evidence)).toBe(true);
    }
  });

  it('is readable text, whatever came', () => {
    const evidence = redactedAnswer(Buffer.concat([Buffer.from('\0\u0007'), randomBytes(1_000)]));
    expect(Buffer.from(evidence.toString()).equals(evidence)).toBe(true);
    expect(evidence.includes(0)).toBe(false);
  });
});
