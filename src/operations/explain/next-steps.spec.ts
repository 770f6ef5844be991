import { aSnapshot, inSeconds, NOW, type Change, type Standing } from '../spec-support/a-snapshot.js';
import { nextStepsOf } from './next-steps.js';

const RULES = { supportedFlags: ['needOtpVerification'] };

describe('the next steps', () => {
  const nextOf = (standing: Standing, change?: Change) =>
    nextStepsOf(aSnapshot(standing, change), RULES).map(({ by, leadsTo, at, until }) => [
      by,
      leadsTo,
      at ?? until,
    ]);
  const [expiry, ask, notify, end, dayEnd] = [600, 5, 7, 40_000, 16_200].map(inSeconds);

  it.each<[string, Standing, Change, unknown[]]>([
    [
      'an order that waits',
      { status: 'AWAITING_CONFIRMATION' },
      {},
      [
        ['service', 'EXPIRED', expiry],
        ['payer', 'DEBITING', expiry],
        ['payer', 'DECLINED', expiry],
        ['alipay-plus', 'CANCELLED', undefined],
      ],
    ],
    [
      'an order whose quote dies first',
      { status: 'AWAITING_CONFIRMATION' },
      { order: { quoteExpiresAt: inSeconds(60) } },
      [
        ['service', 'EXPIRED', expiry],
        ['payer', 'DEBITING', inSeconds(60)],
        ['payer', 'DECLINED', expiry],
        ['alipay-plus', 'CANCELLED', undefined],
      ],
    ],
    [
      'an order that Alipay+ cancelled a moment ago',
      { status: 'AWAITING_CONFIRMATION' },
      { order: { cancelRequestedAt: NOW } },
      [['service', 'CANCELLED', NOW]],
    ],
    [
      'an order that is held for good',
      { status: 'HELD' },
      {},
      [
        ['service', 'EXPIRED', expiry],
        ['payer', 'DECLINED', expiry],
        ['alipay-plus', 'CANCELLED', undefined],
      ],
    ],
    [
      'an order that may be released',
      { status: 'HELD' },
      { order: { heldReason: 'UNSUPPORTED_FLAG: needOtpVerification' } },
      [
        ['service', 'EXPIRED', expiry],
        ['operator', 'AWAITING_CONFIRMATION', undefined],
        ['payer', 'DECLINED', expiry],
        ['alipay-plus', 'CANCELLED', undefined],
      ],
    ],
    [
      'a debit in doubt',
      { status: 'DEBITING', debit: 'IN_DOUBT' },
      {},
      [
        ['wallet-ledger', 'PAID', ask],
        ['wallet-ledger', 'FAILED', ask],
        ['wallet-ledger', 'AWAITING_CONFIRMATION', ask],
        ['wallet-ledger', 'EXPIRED', ask],
        ['alipay-plus', 'CANCELLED', undefined],
      ],
    ],
    [
      'a debit in doubt that somebody asks about, of an order that is cancelled',
      { status: 'DEBITING', debit: 'IN_DOUBT' },
      { order: { cancelRequestedAt: NOW }, debit: { leaseUntil: inSeconds(3) } },
      [['wallet-ledger', 'CANCELLED', NOW]],
    ],
    [
      'a result that is not acknowledged',
      { status: 'EXPIRED', notification: 'PENDING' },
      {},
      [
        ['service', undefined, notify],
        ['service', undefined, end],
      ],
    ],
    [
      'a result that is parked',
      { status: 'EXPIRED', notification: 'PARKED' },
      {},
      [['operator', undefined, undefined]],
    ],
    [
      'money that goes back',
      { status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' },
      {},
      [
        ['service', undefined, ask],
        ['service', undefined, dayEnd],
      ],
    ],
    [
      'money that is overdue',
      { status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' },
      { debit: { windowEndsAt: NOW } },
      [['service', undefined, ask]],
    ],
    [
      'a paid order that Alipay+ refused to hear of',
      { status: 'PAID', debit: 'DEBITED', notification: 'REJECTED' },
      {},
      [
        ['alipay-plus', undefined, dayEnd],
        ['alipay-plus', 'CANCELLED', undefined],
        ['operator', undefined, undefined],
      ],
    ],
    ['an order that is over', { status: 'DECLINED', notification: 'DELIVERED' }, {}, []],
  ])('of %s', (_what, standing, change, expected) => {
    expect(nextOf(standing, change)).toEqual(expected);
  });
});
