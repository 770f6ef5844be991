import { Sealing } from '../../platform/sealing/sealing.js';
import { toDebit, type DebitRow } from './debit.row.js';

const now = new Date('2026-03-01T12:00:00Z');

describe('toDebit', () => {
  const row: DebitRow = {
    debit_id: 'debit-1',
    payment_id: 'payment-1',
    debit_customer_id: 'customer-1',
    currency: 'JPY',
    value: '1',
    not_after: now,
    debit_status: 'INTENDED',
    tries: 0,
    confirmed: true,
    refusal_code: null,
    proofs: null,
    now,
  };

  it('reads the amount to be debited, with the clock of the database', () => {
    const debit = toDebit(row, new Sealing());
    expect(debit).toMatchObject({
      debitId: 'debit-1',
      amount: { currency: 'JPY', value: 1n },
      notAfter: now,
    });
    expect(debit.clock.hasPassed(now)).toBe(true);
  });

  it.each([
    ['1.5', 'JPY'],
    ['0', 'JPY'],
    ['-1', 'JPY'],
    ['1', 'QQQ'],
  ])('refuses to debit %s %s', (value, currency) => {
    expect(() => toDebit({ ...row, value, currency }, new Sealing())).toThrow(
      'debit debit-1 has no readable amount',
    );
  });
});
