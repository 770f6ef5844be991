import * as fc from 'fast-check';
import { formatSignatureHeader, isKnownAlgorithm, parseSignatureHeader } from './signature-header.js';

const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
const blanks = fc.constantFrom('', ' ', '  ', '\t');

describe('parseSignatureHeader', () => {
  it('reads what formatSignatureHeader wrote', () => {
    fc.assert(
      fc.property(base64, fc.nat(), (signature, version) => {
        expect(parseSignatureHeader(formatSignatureHeader(String(version), signature))).toEqual({
          algorithm: 'RSA256',
          keyVersion: String(version),
          signature,
        });
      }),
    );
  });

  it('reads the parts in any order, case and spacing, escaped or not', () => {
    const order = fc.shuffledSubarray(['algorithm', 'keyVersion', 'signature'], {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        base64,
        order,
        blanks,
        fc.boolean(),
        fc.boolean(),
        (signature, names, blank, escaped, capitals) => {
          const values: Readonly<Record<string, string>> = {
            algorithm: 'RSA256',
            keyVersion: '2',
            signature: escaped ? encodeURIComponent(signature) : signature,
          };
          const header = names
            .map((name) => `${blank}${capitals ? name.toUpperCase() : name}=${values[name]}${blank}`)
            .join(',');
          expect(parseSignatureHeader(header)).toEqual({ algorithm: 'RSA256', keyVersion: '2', signature });
        },
      ),
    );
  });

  it('never throws, whatever the header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `signature=${text}`),
        ),
        (header) => {
          const parsed = parseSignatureHeader(header);
          if (parsed) expect(parsed.signature).toMatch(/^[\w+/-]+=*$/);
        },
      ),
    );
  });

  it.each([
    ['nothing', ''],
    ['no signature', 'algorithm=RSA256,keyVersion=1'],
    ['an empty signature', 'algorithm=RSA256,keyVersion=1,signature='],
    ['a malformed escape', 'algorithm=RSA256,keyVersion=1,signature=ab%zz'],
    ['two signatures', 'signature=abcd,signature=abcd'],
    ['a word without a value', 'RSA256,keyVersion=1,signature=abcd'],
    ['signs that are no base64', 'signature=ab cd'],
    ['two headers joined by the server', 'keyVersion=1,signature=abcd, keyVersion=1,signature=efgh'],
  ])('refuses %s', (_, header) => {
    expect(parseSignatureHeader(header)).toBeUndefined();
  });

  it('knows one algorithm, and assumes it when none is named', () => {
    const known = (header: string) =>
      isKnownAlgorithm(
        parseSignatureHeader(header) ?? { algorithm: '?', keyVersion: undefined, signature: '' },
      );
    expect(known('algorithm=RSA256,signature=abcd')).toBe(true);
    expect(known('signature=abcd')).toBe(true);
    expect(known('algorithm=ECC224,signature=abcd')).toBe(false);
  });
});
