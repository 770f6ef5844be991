import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CodeRedaction } from './code-redaction.js';

const requestOf = (codeValue: unknown): Buffer =>
  Buffer.from(JSON.stringify({ codeValue, customerId: 'customer-1' }));
const hashOf = (code: string): string => `sha256:${createHash('sha256').update(code).digest('hex')}`;

describe('the redaction of codes', () => {
  const code = 'https://qr.example/a?b=c"d\\e';
  const redaction = new CodeRedaction([requestOf(code)]);

  it('shows a request with the hash of the code in its place, and the rest letter for letter', () => {
    expect(redaction.textOf(requestOf(code))).toBe(
      `{"codeValue":"${hashOf(code)}","customerId":"customer-1"}`,
    );
  });

  it.each([
    ['as text', `you said ${code}!`],
    ['as JSON', JSON.stringify({ echo: `<${code}>` })],
    ['as JSON with escaped slashes', JSON.stringify({ echo: code }).replaceAll('/', '\\/')],
    ['in an address', `https://x.example/?code=${encodeURIComponent(code)}`],
  ])('takes it out of whatever repeats it %s', (_how, answer) => {
    const text = redaction.textOf(Buffer.from(answer));
    expect(text).toContain(hashOf(code));
    expect(text).not.toContain('qr.example');
  });

  it('shows nothing of a message that spells the code in a way nobody searched for', () => {
    const letters = [...code].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const answer = `{"echo":{"deep":["${letters.join('')}"]},"other":"words"}`;
    expect(JSON.parse(answer).echo.deep[0]).toBe(code);
    expect(redaction.textOf(Buffer.from(answer))).not.toContain('words');
  });

  it('leaves bytes that are no text, HTML and foreign messages as they came', () => {
    expect(redaction.textOf(Buffer.from('<script>alert(1)</script>'))).toBe('<script>alert(1)</script>');
    expect(redaction.textOf(Buffer.from([0xff, 0x00]))).toBe('\ufffd\u0000');
    expect(new CodeRedaction([Buffer.from('not json'), requestOf(7)]).textOf(Buffer.from('as is'))).toBe(
      'as is',
    );
  });

  it('whatever the code is, no message means it any more', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
        fc.jsonValue(),
        (value, other) => {
          fc.pre(value.isWellFormed() && !hashOf(value).includes(value));
          const message = JSON.stringify({ codeValue: value, other, nested: [{ again: `x${value}y` }] });
          const text = new CodeRedaction([requestOf(value)]).textOf(Buffer.from(message));
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
