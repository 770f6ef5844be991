import { createHash } from 'node:crypto';
import { foundIds, identifierLookup } from './identifiers.js';

const PAYMENT = '018f3a5b-0000-7000-8000-000000000001';
const HASHES = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const SCAN = '018f3a5b-0000-7000-8000-000000000002';

describe('the look-up of an identifier', () => {
  it('compares a text that may be any id with every column', () => {
    const { values } = identifierLookup('ORDER-1', HASHES);
    expect(values).toEqual([null, 'ORDER-1', HASHES]);
  });

  it('compares only a UUID with the columns of our own ids', () => {
    expect(identifierLookup(PAYMENT, HASHES).values.slice(0, 2)).toEqual([PAYMENT, PAYMENT]);
  });

  it.each(['https://qr.example/281012020262467128', 'x'.repeat(513)])(
    'sends only the hash of a text that can only be a code: %s',
    (code) => {
      const { text, values } = identifierLookup(code, HASHES);
      expect(values).toEqual([null, null, HASHES]);
      expect(text).not.toContain(code);
    },
  );
});

describe('the hash of a code', () => {
  const hash = createHash('sha256').update('a code').digest('hex');

  it.each([hash, `sha256:${hash}`, hash.toUpperCase()])('is searched as pages show it: %s', (shown) => {
    const [, , hashes] = identifierLookup(shown, HASHES).values;
    expect(hashes).toEqual([...HASHES, Buffer.from(hash, 'hex')]);
  });
});

describe('the found ids', () => {
  it('are empty when no column has the identifier', () => {
    expect(foundIds('x', [])).toEqual({ recognisedAs: [], paymentIds: [], scanIds: [] });
  });

  it('say each kind of identifier once', () => {
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
