import { createHash } from 'node:crypto';
import { foundIds, identifierLookup } from './identifiers.js';

const PAYMENT = '018f3a5b-0000-7000-8000-000000000001';
const HASHES = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const SCAN = '018f3a5b-0000-7000-8000-000000000002';

describe('the look-up of an identifier', () => {
  it('asks every column for what may be any id', () => {
    const { values } = identifierLookup('ORDER-1', HASHES);
    expect(values).toEqual([null, 'ORDER-1', HASHES]);
  });

  it('asks the columns of our own ids only for a UUID', () => {
    expect(identifierLookup(PAYMENT, HASHES).values.slice(0, 2)).toEqual([PAYMENT, PAYMENT]);
  });

  it.each(['https://qr.example/281012020262467128', 'x'.repeat(513)])(
    'sends nothing but the hash of what can only be a code: %s',
    (code) => {
      const { text, values } = identifierLookup(code, HASHES);
      expect(values).toEqual([null, null, HASHES]);
      expect(text).not.toContain(code);
    },
  );
});

describe('the hash of a code', () => {
  const hash = createHash('sha256').update('a code').digest('hex');

  it.each([hash, `sha256:${hash}`, hash.toUpperCase()])('is looked for as pages show it: %s', (shown) => {
    const [, , hashes] = identifierLookup(shown, HASHES).values;
    expect(hashes).toEqual([...HASHES, Buffer.from(hash, 'hex')]);
  });
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
