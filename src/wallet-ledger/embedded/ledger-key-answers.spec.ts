import type { LedgerDebit } from '../wallet-ledger.js';
import { debitAnswer, lookupAnswer, reversalAnswer, type LedgerKeyRow } from './ledger-key-answers.js';

const ASKED: LedgerDebit = {
  key: 'k',
  paymentRequestId: 'order-1',
  customerId: 'payer-1',
  amount: { currency: 'HKD', value: 9007199254740993n },
  notAfter: new Date(0),
  description: 'any',
};

const DEBITED: LedgerKeyRow = {
  kind: 'DEBIT',
  movement_id: 'm-debit',
  customer_id: 'payer-1',
  currency: 'HKD',
  amount: '9007199254740993',
  refusal_code: null,
  reversal_id: null,
};
const REVERSED: LedgerKeyRow = { ...DEBITED, reversal_id: 'm-reversal' };
const REFUSED: LedgerKeyRow = {
  ...DEBITED,
  kind: 'REFUSAL',
  movement_id: 'm-refusal',
  refusal_code: 'TOO_LATE',
};
const CLOSED: LedgerKeyRow = {
  ...DEBITED,
  kind: 'CLOSED',
  movement_id: 'm-closed',
  customer_id: null,
  currency: null,
  amount: null,
};

describe('the answer of the embedded ledger about a key', () => {
  it('to a debit: done while the money is held, refused otherwise', () => {
    expect(debitAnswer(DEBITED, ASKED)).toEqual({ outcome: 'done', ledgerReference: 'm-debit' });
    expect(debitAnswer(REVERSED, ASKED)).toEqual({ outcome: 'refused', code: 'REFUSED' });
    expect(debitAnswer(REFUSED, ASKED)).toEqual({ outcome: 'refused', code: 'TOO_LATE' });
    expect(debitAnswer(CLOSED, ASKED)).toEqual({ outcome: 'refused', code: 'REFUSED' });
  });

  it.each<[string, Partial<LedgerDebit>]>([
    ['customer', { customerId: 'payer-2' }],
    ['currency', { amount: { currency: 'JPY', value: ASKED.amount.value } }],
    ['value by one unit beyond 2^53', { amount: { currency: 'HKD', value: ASKED.amount.value - 1n } }],
  ])('to a debit with another %s: unknown, whatever the key did before', (_what, change) => {
    const mismatch = { outcome: 'unknown', reason: 'key_content_mismatch' };
    for (const row of [DEBITED, REVERSED, REFUSED])
      expect(debitAnswer(row, { ...ASKED, ...change })).toEqual(mismatch);
  });

  it('to a lookup: the present state', () => {
    expect(lookupAnswer(undefined)).toEqual({ outcome: 'absent' });
    const { amount, customerId } = ASKED;
    const debited = { outcome: 'debited', ledgerReference: 'm-debit', customerId, amount };
    expect(lookupAnswer(DEBITED)).toEqual(debited);
    expect(lookupAnswer(REVERSED)).toEqual({ outcome: 'reversed', ledgerReference: 'm-reversal' });
    expect(lookupAnswer(REFUSED)).toEqual({ outcome: 'refused', code: 'TOO_LATE' });
    expect(lookupAnswer(CLOSED)).toEqual({ outcome: 'refused', code: 'REFUSED' });
  });

  it('to a reversal: done, with the movement that settled it', () => {
    expect(reversalAnswer(REVERSED)).toEqual({ outcome: 'done', ledgerReference: 'm-reversal' });
    expect(reversalAnswer(REFUSED)).toEqual({ outcome: 'done', ledgerReference: 'm-refusal' });
    expect(reversalAnswer(CLOSED)).toEqual({ outcome: 'done', ledgerReference: 'm-closed' });
  });
});
