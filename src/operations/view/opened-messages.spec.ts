import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CodeRedaction } from './opened-messages.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashOf = (code: string): string => `sha256:${sha256(code)}`;

/** One message as it is shown beside others, when this code was scanned; only the hash of the scan is known. */
function shown(code: string, message: string | Buffer, others: readonly string[] = []): string {
  const messages = [message, ...others].map((one) => Buffer.from(one as string));
  const redaction = new CodeRedaction(messages, (text) => (text === code ? sha256(code) : undefined));
  return redaction.textOf(Buffer.from(message as string));
}

describe('the redaction of codes', () => {
  const code = 'https://qr.example/a?b=c"d\\e';
  const request = JSON.stringify({ codeValue: code, customerId: 'customer-1' });

  it('shows a request with the hash of the code in its place, and the rest letter for letter', () => {
    expect(shown(code, request)).toBe(`{"codeValue":"${hashOf(code)}","customerId":"customer-1"}`);
  });

  it.each([
    ['as text', `you said ${code}!`],
    ['as JSON', JSON.stringify({ echo: `<${code}>` })],
    ['as JSON with escaped slashes', JSON.stringify({ echo: code }).replaceAll('/', '\\/')],
    ['in an address', `https://x.example/?code=${encodeURIComponent(code)}`],
  ])('removes it from another message that repeats it %s', (_how, answer) => {
    const text = shown(code, answer, [request]);
    expect(text).toContain(hashOf(code));
    expect(text).not.toContain('qr.example');
  });

  it.each([
    ['as a text of JSON', JSON.stringify({ deep: [{ echo: 'https://qr.example/a?b=c' }] })],
    ['as the name of a field', JSON.stringify({ 'https://qr.example/a?b=c': 1 })],
    ['in a sentence', 'The code https://qr.example/a?b=c.'],
    ['in a sentence of JSON', JSON.stringify({ said: '"https://qr.example/a?b=c" has expired' })],
    ['in an address', `https://x.example/?x=1&code=${encodeURIComponent('https://qr.example/a?b=c')}&y=2`],
  ])('finds it by its hash %s, where no other message holds it', (_how, answer) => {
    const text = shown('https://qr.example/a?b=c', answer);
    expect(text).toContain(hashOf('https://qr.example/a?b=c'));
    expect(text).not.toContain('qr.example');
  });

  it('hides a whole message that spells the code in a way that is not searched for', () => {
    const letters = [...code].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const answer = `{"echo":{"deep":["${letters.join('')}"]},"other":"words"}`;
    expect(JSON.parse(answer).echo.deep[0]).toBe(code);
    expect(shown(code, answer)).not.toContain('words');
  });

  it('keeps binary bytes, HTML and messages of other kinds unchanged', () => {
    expect(shown(code, '<script>alert(1)</script>', [request])).toBe('<script>alert(1)</script>');
    expect(shown(code, Buffer.from([0xff, 0x00]), [request])).toBe('\ufffd\u0000');
    expect(shown(code, 'as is', ['not json', '{"codeValue":7}'])).toBe('as is');
  });

  it('checks a limited number of words, whatever the messages are', () => {
    let looked = 0;
    const words = Buffer.from(Array.from({ length: 50_000 }, (_, at) => `w${at}`).join(' '));
    const redaction = new CodeRedaction([words, words], () => void (looked += 1));
    expect(redaction.textOf(words)).toBe(String(words));
    expect(looked).toBeLessThanOrEqual(20_000);
  });

  it('leaves no message with the code in it, whatever the code is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
        fc.jsonValue(),
        (value, other) => {
          fc.pre(value.isWellFormed() && !hashOf(value).includes(value));
          const message = JSON.stringify({ codeValue: value, other, nested: [{ again: `x${value}y` }] });
          const text = shown(value, message);
          fc.pre(!'[not shown: the code cannot be taken out of it]'.includes(value));
          expect(
            text.includes(value) &&
              !JSON.stringify({ codeValue: '', other: '', nested: [{ again: 'xy' }] }).includes(value),
          ).toBe(false);
        },
      ),
    );
  });
});
