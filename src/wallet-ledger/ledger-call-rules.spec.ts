import { assertDebit, assertLedgerKey } from './ledger-call-rules.js';
import type { LedgerDebit } from './wallet-ledger.js';

const DEBIT: LedgerDebit = {
  key: 'debit-1',
  paymentRequestId: 'order-1',
  customerId: 'payer-1',
  amount: { currency: 'HKD', value: 1n },
  notAfter: new Date('2030-01-01T00:00:00Z'),
  description: '',
};

describe('the rules of a ledger call', () => {
  it.each(['a', '7', 'debit-1', '0190b0e0-7f3a-7cc0-8c5e-3a5b0c1d2e3f', 'a/b?c#d%20', 'k'.repeat(128)])(
    'accepts the key %s',
    (key) => expect(() => assertLedgerKey(key)).not.toThrow(),
  );

  it.each(['', '.', '..', '/a', 'two words', 'tab\t', 'line\nbreak', 'ключ', 'k'.repeat(129)])(
    'throws for the key %j, which no adapter could carry unchanged',
    (key) => expect(() => assertLedgerKey(key)).toThrow(RangeError),
  );

  it('accepts a debit of one minor unit and of more than any account holds', () => {
    expect(() => assertDebit(DEBIT)).not.toThrow();
    expect(() => assertDebit({ ...DEBIT, amount: { currency: 'JPY', value: 10n ** 60n } })).not.toThrow();
  });

  it.each<[string, Partial<LedgerDebit>]>([
    ['key', { key: '' }],
    ['order', { paymentRequestId: '' }],
    ['customer', { customerId: '' }],
    ['zero', { amount: { currency: 'HKD', value: 0n } }],
    ['negative value', { amount: { currency: 'HKD', value: -5n } }],
    ['currency', { amount: { currency: 'hkd', value: 1n } }],
    ['date', { notAfter: new Date('never') }],
  ])('throws for a debit with a bad %s', (_what, fault) =>
    expect(() => assertDebit({ ...DEBIT, ...fault })).toThrow(RangeError),
  );
});
