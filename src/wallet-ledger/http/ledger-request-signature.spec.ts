import { readFile } from 'node:fs/promises';
import { signLedgerRequest, type SignedRequestParts } from './ledger-request-signature.js';

const SECRET = Buffer.from('an-example-secret-of-32-bytes-or-more');
const DEBIT: SignedRequestParts = {
  method: 'POST',
  path: '/ledger/debits',
  time: '2026-03-02T08:15:30.123Z',
  body: Buffer.from(
    '{"key":"9520b5cd-bb75-8cc6-be75-2424626f37ea","paymentRequestId":"20260302190741010007000000771","customerId":"customer-77","amount":{"currency":"HKD","value":"8518"},"notAfter":"2026-03-02T08:20:00.000Z","description":"Tea House"}',
  ),
};
const LOOKUP: SignedRequestParts = {
  method: 'GET',
  path: '/ledger/debits/9520b5cd-bb75-8cc6-be75-2424626f37ea',
  time: '2026-03-02T08:15:34.000Z',
  body: Buffer.alloc(0),
};

describe('the signature of a ledger request', () => {
  it('is what openssl computes for the same text', () => {
    expect(signLedgerRequest(DEBIT, SECRET)).toBe(
      'v1=cf1a764f6e4e9669e3b747211ac8201e8dc53c7a0ae2b294ca75fc120a2223cc',
    );
    expect(signLedgerRequest(LOOKUP, SECRET)).toBe(
      'v1=2140263f1708296254a119321c001eb736e49e2b5f8016a23259c3287d8b96df',
    );
  });

  it('is the one that the document for wallet teams calculates', async () => {
    const document = await readFile(new URL('../../../docs/wallet-ledger.md', import.meta.url), 'utf8');
    for (const { method, path, time, body } of [DEBIT, LOOKUP]) {
      expect(document).toContain(`${method} ${path} ${time}`);
      expect(document).toContain(String(body));
    }
    expect(document).toContain(signLedgerRequest(DEBIT, SECRET));
    expect(document).toContain(signLedgerRequest(LOOKUP, SECRET).slice('v1='.length));
  });

  it.each<[string, Partial<SignedRequestParts>, Buffer]>([
    ['method', { method: 'GET' }, SECRET],
    ['path', { path: '/ledger/debits/' }, SECRET],
    ['time', { time: '2026-03-02T08:15:30.124Z' }, SECRET],
    ['body', { body: Buffer.from(String(DEBIT.body).replace('8518', '8519')) }, SECRET],
    ['secret', {}, Buffer.from('another-secret-of-32-bytes-or-more')],
    ['border between two parts', { path: '/ledger', time: `/debits${DEBIT.time}` }, SECRET],
  ])('changes with the %s', (_what, change, secret) =>
    expect(signLedgerRequest({ ...DEBIT, ...change }, secret)).not.toBe(signLedgerRequest(DEBIT, SECRET)),
  );

  it('covers raw bytes, not the text they represent', () => {
    const sign = (body: Buffer) => signLedgerRequest({ ...DEBIT, body }, SECRET);
    expect(sign(Buffer.from([0xff]))).not.toBe(sign(Buffer.from([0xfe])));
  });
});
