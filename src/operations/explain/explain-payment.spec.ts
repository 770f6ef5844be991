import {
  isTerminal,
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
} from '../../payment-order/order/payment-status.js';
import { DEBITS_BY_STATUS } from '../snapshot/contradictions.js';
import { aSnapshot, NOW, type Change, type Standing } from '../spec-support/a-snapshot.js';
import { explainPayment } from './explain-payment.js';
import type { ExplanationDto } from './explanation.dto.js';

const RULES = { supportedFlags: ['needOtpVerification'] };
const explain = (standing: Standing, change?: Change): ExplanationDto =>
  explainPayment(aSnapshot(standing, change), RULES);
const actsIn = (list: readonly { readonly act: string }[]): string[] => list.map(({ act }) => act);

/** Every combination of the three statuses that the rules allow. */
const REACHABLE: readonly Standing[] = PAYMENT_STATUSES.flatMap((status) =>
  DEBITS_BY_STATUS[status].flatMap((debit) =>
    (isTerminal(status) ? NOTIFICATION_STATUSES : [undefined]).map((notification) => ({
      status,
      debit: debit === 'NONE' ? undefined : debit,
      notification,
    })),
  ),
);

const WAITING = 'The payer was shown HK$85.61 and has not confirmed. No money was taken.';
const DOUBT =
  'The ledger was asked for HK$85.61 3 times and has not said (timeout). The money may or may not have been taken.';
const PAID = 'The payer has paid HK$85.61.';
const ACKNOWLEDGED = 'Alipay+ has acknowledged the result.';
const GONE =
  'The payer confirmed HK$85.61. The process that was to ask the ledger is gone, so the money may or may not have been taken.';

/** For each order and debit: the sentence, the acts that are possible, those that change nothing, and those refused. */
const BY_ORDER: readonly (readonly [string, Standing, string, string[], string[], string[]])[] = [
  [
    'awaits its payer',
    { status: 'AWAITING_CONFIRMATION' },
    WAITING,
    ['close'],
    ['release'],
    ['redeliver', 'ask-ledger'],
  ],
  [
    'was refused by the ledger and is open',
    { status: 'AWAITING_CONFIRMATION', debit: 'REFUSED' },
    'The payer confirmed and the ledger refused (INSUFFICIENT_BALANCE). No money was taken. The payer may confirm again.',
    ['close'],
    ['ask-ledger', 'release'],
    ['redeliver'],
  ],
  [
    'is held',
    { status: 'HELD' },
    'The order is held and cannot be paid: HANDLE_BY_SDK. No money was taken.',
    ['close'],
    [],
    ['redeliver', 'ask-ledger', 'release'],
  ],
  [
    'was about to be debited',
    { status: 'DEBITING', debit: 'INTENDED' },
    GONE,
    ['ask-ledger'],
    [],
    ['redeliver', 'close', 'release'],
  ],
  [
    'is in doubt',
    { status: 'DEBITING', debit: 'IN_DOUBT' },
    DOUBT,
    ['ask-ledger'],
    [],
    ['redeliver', 'close', 'release'],
  ],
  [
    'is paid',
    { status: 'PAID', debit: 'DEBITED', notification: 'DELIVERED' },
    `${PAID} ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'ask-ledger'],
    ['close', 'release'],
  ],
  [
    'has failed',
    { status: 'FAILED', debit: 'REFUSED', notification: 'DELIVERED' },
    `The wallet’s ledger refused the payment for good (INSUFFICIENT_BALANCE). No money was taken. ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'ask-ledger', 'close'],
    ['release'],
  ],
  [
    'was declined',
    { status: 'DECLINED', notification: 'DELIVERED' },
    `The payer declined. No money was taken. ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'close'],
    ['ask-ledger', 'release'],
  ],
  [
    'has expired',
    { status: 'EXPIRED', debit: 'REFUSED', notification: 'DELIVERED' },
    `The order expired. No money was taken. ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'ask-ledger', 'close'],
    ['release'],
  ],
  [
    'was cancelled before it was paid',
    { status: 'CANCELLED', notification: 'DELIVERED' },
    `Alipay+ cancelled the order before it was paid. No money was taken. ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'close'],
    ['ask-ledger', 'release'],
  ],
  [
    'was cancelled, and the money is not back',
    { status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' },
    `Alipay+ cancelled the order after HK$85.61 had been taken, and the ledger has not yet said that it gave the money back. ${ACKNOWLEDGED}`,
    ['ask-ledger'],
    ['redeliver', 'close'],
    ['release'],
  ],
  [
    'was cancelled, and the money is back',
    { status: 'CANCELLED', debit: 'REVERSED', notification: 'DELIVERED' },
    `Alipay+ cancelled the order after HK$85.61 had been taken, and the ledger has given the money back. ${ACKNOWLEDGED}`,
    [],
    ['redeliver', 'ask-ledger', 'close'],
    ['release'],
  ],
];

describe('a payment that', () => {
  it.each(BY_ORDER)(
    '%s has its sentence and its acts',
    (_what, standing, sentence, mayDo, needless, mustNot) => {
      const seen = explain(standing);
      expect(seen.standing).toBe(sentence);
      expect(actsIn(seen.mayDo)).toEqual(mayDo);
      expect(actsIn(seen.needless)).toEqual(needless);
      expect(seen.mustNot.filter(({ cause }) => cause !== undefined).map(({ act }) => act)).toEqual(mustNot);
      expect(seen.contradictions).toEqual([]);
    },
  );

  it.each([
    ['PENDING', 'The result was sent 2 times and not acknowledged (unknown:timeout).', 'redeliver'],
    ['DELIVERED', ACKNOWLEDGED, undefined],
    [
      'REJECTED',
      'Alipay+ refused the result (rejected:ORDER_NOT_EXIST), and it is not sent any more by itself.',
      'redeliver',
    ],
    [
      'PARKED',
      'The result was not acknowledged (not_acknowledged_in_time), and it is not sent any more by itself.',
      'redeliver',
    ],
  ] as const)(
    'is final and whose notification is %s says so, with the act that helps',
    (notification, sentence, act) => {
      const seen = explain({ status: 'PAID', debit: 'DEBITED', notification });
      expect(seen.standing).toBe(`${PAID} ${sentence}`);
      expect(actsIn(seen.mayDo)).toEqual(act === undefined ? [] : [act]);
    },
  );

  it('has money to be given back says when Alipay+ closed its day, and which alarm was raised', () => {
    const overdue = explain(
      { status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' },
      {
        debit: { windowEndsAt: NOW },
        snapshot: { debitAlarms: [{ debitId: 'key-1', alarm: 'REVERSAL_OVERDUE', raisedAt: NOW }] },
      },
    );
    expect(overdue.standing).toContain(
      'Alipay+ has closed its day meanwhile, at 00:30 UTC+8: the money is overdue.',
    );
    expect(overdue.evidence).toContainEqual({
      sentence: 'An alarm was raised because the money was not back when Alipay+ closed its day.',
      at: NOW,
      source: 'debit_alarm',
    });
  });

  it.each([
    ['REJECTED', ' Alipay+ refused the result and closed its day without cancelling.'],
    ['PARKED', ''],
  ] as const)(
    'is paid and whose result is %s at the end of the day says whether Alipay+ should have cancelled',
    (notification, text) => {
      const seen = explain(
        { status: 'PAID', debit: 'DEBITED', notification },
        { debit: { windowEndsAt: NOW } },
      );
      expect(seen.standing.startsWith(`${PAID}${text} `)).toBe(true);
    },
  );

  it('Alipay+ inquired about names the answer it got, unless the result is acknowledged', () => {
    const inquiries = {
      asked: 2,
      lastAskedAt: NOW,
      lastPaymentStatus: 'S',
      lastPaymentCode: 'SUCCESS',
      finalSince: NOW,
    };
    const parked = explain(
      { status: 'PAID', debit: 'DEBITED', notification: 'PARKED' },
      { snapshot: { inquiries } },
    );
    expect(parked.standing).toContain('It has asked by inquiryPayment, though, and was answered S SUCCESS.');
    expect(parked.evidence.at(-1)).toMatchObject({ source: 'inbound_exchange' });
  });
});

const TEMPTATIONS: readonly (readonly [Standing, string[]])[] = [
  [{ status: 'DEBITING', debit: 'IN_DOUBT' }, ['debit-again', 'tell-payer-it-failed', 'pay-anew']],
  [{ status: 'PAID', debit: 'DEBITED', notification: 'PARKED' }, ['refund-by-hand', 'change-rows']],
  [{ status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' }, ['refund-by-hand']],
  [{ status: 'AWAITING_CONFIRMATION' }, []],
];

describe('the explanation', () => {
  it.each(TEMPTATIONS)('in the state %j warns against %j', (standing, acts) => {
    const { mustNot } = explain(standing);
    expect(mustNot.filter(({ cause }) => cause === undefined).map(({ act }) => act)).toEqual(acts);
  });

  it('covers every possible combination, each act once, without a contradiction', () => {
    expect(REACHABLE).toHaveLength(5 + 11 * NOTIFICATION_STATUSES.length);
    for (const standing of REACHABLE) {
      const seen = explain(standing);
      expect([standing, seen.contradictions]).toEqual([standing, []]);
      expect(seen.standing).toMatch(/^[A-Z].*\.$/);
      const acts = [
        ...actsIn(seen.mayDo),
        ...actsIn(seen.needless),
        ...seen.mustNot.filter(({ cause }) => cause).map(({ act }) => act),
      ];
      expect(acts.toSorted()).toEqual(['ask-ledger', 'close', 'redeliver', 'release']);
      expect(seen.state).toEqual(JSON.parse(JSON.stringify(standing)));
      for (const { sentence } of seen.evidence) expect(sentence).toMatch(/\.$/);
    }
  });

  it('promises nothing and allows nothing when the rows contradict each other', () => {
    const seen = explain({ status: 'PAID', debit: 'REFUSED', notification: 'DELIVERED' });
    expect(seen).toMatchObject({
      next: [],
      mayDo: [],
      contradictions: ['The order is PAID and its debit REFUSED.'],
    });
    expect(seen.standing).toContain('contradict each other');
  });
});
