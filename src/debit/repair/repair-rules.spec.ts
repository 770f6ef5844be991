import fc from 'fast-check';
import { DEBIT_STATUSES, NOTIFICATION_STATUSES } from '../../payment-order/order/payment-status.js';
import { dayEnd, judge, OUR_STANDINGS, type RepairCase } from './repair-rules.js';

const UNKNOWN: RepairCase = {
  ours: 'unknown',
  debit: 'none',
  ledger: 'debited',
  fits: true,
  notification: 'none',
  partner: 'unsaid',
  isDayOver: true,
};
const PAID: RepairCase = { ...UNKNOWN, ours: 'paid', debit: 'DEBITED', notification: 'DELIVERED' };
const ENDED: RepairCase = { ...UNKNOWN, ours: 'ended', notification: 'DELIVERED' };
const CANCELLED: RepairCase = { ...UNKNOWN, ours: 'cancelled' };
const OPEN: RepairCase = { ...UNKNOWN, ours: 'open' };

describe('the decision of a repair', () => {
  it.each<[string, RepairCase, string]>([
    ['a paid order and its debit', PAID, 'agrees PAID'],
    ['a paid order whose money went back', { ...PAID, ledger: 'reversed' }, 'decide PAID_AND_GIVEN_BACK'],
    ['a paid order that the ledger has lost', { ...PAID, ledger: 'not-taken' }, 'decide PAID_AND_NOT_TAKEN'],
    ['a paid order under another key', { ...PAID, debit: 'none' }, 'decide PAID_BY_ANOTHER_DEBIT'],
    ['a ledger that does not say', { ...PAID, ledger: 'unknown' }, 'waits LEDGER_UNKNOWN'],
    ['a told order that is open again', OPEN, 'restore TAKEN_AND_OPEN'],
    ['the same, counted as paid', { ...OPEN, partner: 'paid' }, 'restore TAKEN_AND_OPEN'],
    ['money of other terms', { ...OPEN, fits: false }, 'decide OTHER_TERMS'],
    ['an open order whose money went back', { ...OPEN, ledger: 'reversed' }, 'restore GIVEN_BACK_AND_OPEN'],
    ['an order that is held', { ...OPEN, ours: 'held' }, 'decide TAKEN_AND_HELD'],
    ['a debit in hand', { ...OPEN, ours: 'debiting', debit: 'IN_DOUBT' }, 'waits IN_HAND'],
    ['a reversal in hand', { ...CANCELLED, debit: 'REVERSING' }, 'waits IN_HAND'],
    ['an id that Alipay+ cancelled', CANCELLED, 'reverse CANCELLED'],
    ['cancelled, and counted as paid', { ...CANCELLED, partner: 'paid' }, 'decide COUNTED_PAID_AND_OVER'],
    ['an end that Alipay+ acknowledged', ENDED, 'reverse ENDED_UNPAID'],
    ['an end on its way', { ...ENDED, notification: 'PENDING' }, 'waits END_NOT_ACKNOWLEDGED'],
    ['an end that was refused', { ...ENDED, notification: 'REJECTED' }, 'decide END_REFUSED'],
    ['an end nobody heard', { ...ENDED, notification: 'PARKED' }, 'decide END_REFUSED'],
    ['ended, and counted as paid', { ...ENDED, partner: 'paid' }, 'decide COUNTED_PAID_AND_OVER'],
    ['recorded as refused', { ...ENDED, debit: 'REFUSED' }, 'decide RECORDED_AS_NOT_TAKEN'],
    ['recorded as given back', { ...CANCELLED, debit: 'REVERSED' }, 'decide RECORDED_AS_NOT_TAKEN'],
    ['no record, and no list', UNKNOWN, 'decide NO_RECORD_AND_NO_LIST'],
    ['no record, counted as paid', { ...UNKNOWN, partner: 'paid' }, 'decide COUNTED_PAID_WITHOUT_RECORD'],
    ['no record, not counted', { ...UNKNOWN, partner: 'not-paid' }, 'reverse NOT_COUNTED_PAID'],
    ['the same on its day', { ...UNKNOWN, partner: 'not-paid', isDayOver: false }, 'waits DAY_NOT_OVER'],
    [
      'counted as paid, and the ledger knows nothing',
      { ...UNKNOWN, ledger: 'not-taken', partner: 'paid' },
      'decide COUNTED_PAID_AND_NOT_TAKEN',
    ],
    [
      'counted as paid, and given back',
      { ...UNKNOWN, ledger: 'reversed', partner: 'paid' },
      'decide COUNTED_PAID_AND_GIVEN_BACK',
    ],
    ['given back, and nobody counts it', { ...UNKNOWN, ledger: 'reversed' }, 'agrees GIVEN_BACK'],
  ])('%s', (_what, one, expected) => {
    const { verdict, reason } = judge(one);
    expect(`${verdict} ${reason}`).toBe(expected);
  });

  const anyCase = fc.record({
    ours: fc.constantFrom(...OUR_STANDINGS),
    debit: fc.constantFrom(...DEBIT_STATUSES, 'none' as const),
    ledger: fc.constantFrom('debited', 'reversed', 'not-taken', 'unknown'),
    fits: fc.boolean(),
    notification: fc.constantFrom(...NOTIFICATION_STATUSES, 'none' as const),
    partner: fc.constantFrom('paid', 'not-paid', 'unsaid'),
    isDayOver: fc.boolean(),
  }) as fc.Arbitrary<RepairCase>; // the words are those of the type

  it('gives back no money that Alipay+ may count on, that is being worked on, or that was never taken', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { verdict } = judge(one);
        if (verdict !== 'reverse') return true;
        const isSaidOver =
          one.ours === 'cancelled' || (one.ours === 'ended' && one.notification === 'DELIVERED');
        const isNeverSaid = one.ours === 'unknown' && one.partner === 'not-paid' && one.isDayOver;
        return (
          one.ledger === 'debited' &&
          one.partner !== 'paid' &&
          one.debit === 'none' &&
          (isSaidOver || isNeverSaid)
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('restores only orders that a payer may still see as open', () => {
    fc.assert(fc.property(anyCase, (one) => judge(one).verdict !== 'restore' || one.ours === 'open'));
  });
});

describe('the end of a day at Alipay+', () => {
  it.each([
    ['2026-03-01T15:59:59.999Z', '2026-03-01T16:30:00.000Z'],
    ['2026-03-01T16:00:00.000Z', '2026-03-02T16:30:00.000Z'],
    ['2026-03-01T23:00:00.000Z', '2026-03-02T16:30:00.000Z'],
  ])('%s ends at %s', (bookedAt, end) => {
    expect(dayEnd(new Date(bookedAt)).toISOString()).toBe(end);
  });
});
