import { createHash } from 'node:crypto';
import { foundIds, identifierLookup, trimmed } from './identifiers.js';

const PAYMENT = '018f3a5b-0000-7000-8000-000000000001';
const SCAN = '018f3a5b-0000-7000-8000-000000000002';

describe('the look-up of an identifier', () => {
  it('asks every column for what may be any id', () => {
    const { values } = identifierLookup('ORDER-1');
    expect(values).toEqual([null, 'ORDER-1', createHash('sha256').update('ORDER-1').digest()]);
  });

  it('asks the columns of our own ids only for a UUID', () => {
    expect(identifierLookup(PAYMENT).values.slice(0, 2)).toEqual([PAYMENT, PAYMENT]);
  });

  it.each(['https://qr.example/281012020262467128', 'x'.repeat(513)])(
    'sends nothing but the hash of what can only be a code: %s',
    (code) => {
      const { text, values } = identifierLookup(code);
      expect(values).toEqual([null, null, createHash('sha256').update(code).digest()]);
      expect(text).not.toContain(code);
    },
  );
});

describe('what was pasted', () => {
  it.each([
    ['blanks and a line end', ` \t${PAYMENT}\r\n`],
    ['a zero-width space', `\u200b${PAYMENT}\u200b`],
    ['a byte order mark', `\ufeff${PAYMENT}`],
    ['marks of direction', `\u202a${PAYMENT}\u202c`],
    ['a soft hyphen within', PAYMENT.replace('-', '-\u00ad')],
    ['a no-break space', `\u00a0${PAYMENT}\u3000`],
    ['a word joiner within', `${PAYMENT.slice(0, 9)}\u2060${PAYMENT.slice(9)}`],
    ['quotes', `"${PAYMENT}"`],
    ['quotes and a comma, as in JSON', `"${PAYMENT}",`],
    ['typographic quotes', `“${PAYMENT}”`],
    ['quotes of a shell', `'${PAYMENT}'`],
    ['brackets', `<${PAYMENT}>`],
    ['brackets of a list', `["${PAYMENT}"],`],
    ['the end of a sentence', `(${PAYMENT}).`],
    ['ticks', `\`${PAYMENT}\`;`],
    ['a link of the console', `https://ops.example/console/payments/${PAYMENT}`],
    ['a link with a query', `http://127.0.0.1:8080/console/scans/${PAYMENT}?q=x#timeline`],
    ['a link of the API in brackets', `<https://mpp.example/v1/operations/payments/${PAYMENT}/explain>`],
    ['a link behind a prefix, quoted', `"https://gw.example/pay/console/payments/${PAYMENT}",`],
  ])('%s come along with an id', (_what, pasted) => expect(trimmed(pasted)).toBe(PAYMENT));

  it.each([
    ['a code that ends with a sign', 'https://qr.example/281012020262467128.'],
    ['a code with an id in it', `https://qr.example/pay?id=${PAYMENT}`],
    ['an id with signs within', 'ORDER/2026.03-(7)-a'],
    ['an id of a customer', 'o’brien_7'],
    ['letters of other alphabets', '注文-42'],
  ])('leaves %s as it is', (_what, pasted) => expect(trimmed(` ${pasted} `)).toBe(pasted));

  it.each(['', ' ', '""', '\u200b', '"\u200b",', '()'])('is nothing where nothing is in it: %j', (pasted) =>
    expect(trimmed(pasted)).toBe(''),
  );
});

describe('what is found', () => {
  it('is nothing when nobody knows it', () => {
    expect(foundIds('x', [])).toEqual({ recognisedAs: [], paymentIds: [], scanIds: [] });
  });

  it('keeps what it was recognised as, once each', () => {
    const rows = [
      { kind: 'scanId', payment_id: PAYMENT, scan_id: SCAN },
      { kind: 'customerId', payment_id: null, scan_id: null },
      { kind: 'customerId', payment_id: null, scan_id: null },
      { kind: 'paymentId', payment_id: PAYMENT, scan_id: null },
    ] as const;
    expect(foundIds('x', rows)).toEqual({
      recognisedAs: ['scanId', 'customerId', 'paymentId'],
      paymentIds: [PAYMENT],
      scanIds: [SCAN],
      customerId: 'x',
    });
  });
});
