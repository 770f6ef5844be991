import * as fc from 'fast-check';
import type { UserInitiatedPayRequest } from '../wire/user-initiated-pay.js';
import { writeUserInitiatedPay } from './user-initiated-pay.js';

const scan: UserInitiatedPayRequest = {
  codeValue: 'https://qr.alipayplus.com/281666130000000000000001',
  customerId: '208800000000000001',
};

function bodyOf(request: UserInitiatedPayRequest): string {
  const written = writeUserInitiatedPay(request);
  if (!written.ok) throw new Error(JSON.stringify(written.faults));
  return written.body.toString('utf8');
}

const faultsOf = (request: UserInitiatedPayRequest) => {
  const written = writeUserInitiatedPay(request);
  return written.ok ? [] : written.faults.map(({ field, rule }) => `${field} ${rule}`);
};

describe('writeUserInitiatedPay', () => {
  it('writes exactly these bytes', () => {
    expect(bodyOf(scan)).toBe(
      '{"codeValue":"https://qr.alipayplus.com/281666130000000000000001","customerId":"208800000000000001"}',
    );
  });

  it("writes the same bytes for any order of the input's fields", () => {
    const indirectMpp = { indirectMppName: '名前', indirectMppId: 'xxxMppId' };
    expect(bodyOf({ indirectMpp, passThroughInfo: 'k=v', customerId: 'c', codeValue: '1' })).toBe(
      '{"codeValue":"1","customerId":"c","passThroughInfo":"k=v","indirectMpp":{"indirectMppId":"xxxMppId","indirectMppName":"名前"}}',
    );
  });

  it('leaves out what is absent or blank, and never sends an empty text', () => {
    const request = {
      ...scan,
      passThroughInfo: '',
      indirectMpp: { indirectMppId: 'i', indirectMppName: ' ' },
    };
    expect(bodyOf(request)).not.toMatch(/""|null|passThroughInfo|indirectMppName/);
  });

  it('names every field that is missing or too long, before any call', () => {
    const request = {
      codeValue: 'x'.repeat(513),
      customerId: '',
      passThroughInfo: 'x'.repeat(20_001),
      indirectMpp: { indirectMppId: 'x'.repeat(65), indirectMppName: 'x'.repeat(257) },
    };
    expect(faultsOf(request)).toEqual([
      'codeValue must be text of at most 512 characters',
      'customerId is missing',
      'passThroughInfo must be text of at most 20000 characters',
      'indirectMpp.indirectMppId must be text of at most 64 characters',
      'indirectMpp.indirectMppName must be text of at most 256 characters',
    ]);
  });

  it('counts characters, not bytes or UTF-16 halves', () => {
    expect(faultsOf({ ...scan, codeValue: '漢'.repeat(512), customerId: '😀'.repeat(64) })).toEqual([]);
    expect(faultsOf({ ...scan, customerId: '😀'.repeat(65) })).toHaveLength(1);
  });

  it('keeps any code unchanged for the other side, as JSON strings only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (codeValue) => {
        fc.pre(codeValue.trim() !== '' && !codeValue.includes('\0'));
        expect(JSON.parse(bodyOf({ ...scan, codeValue }))).toEqual({ ...scan, codeValue });
      }),
    );
  });
});
