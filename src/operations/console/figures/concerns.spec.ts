import type { Doubt } from '../../../payment-order/doubt/doubts.js';
import type { DoubtSumDto } from '../../summary/summary.dto.js';
import { concernsOf, type Seen } from './concerns.js';
import { quietMinute, WATCHED } from './figures.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const WELL: Seen = {
  doubts: [],
  waiting: { now: NOW, scansPending: 0, resultsPending: 0 },
  minutes: [quietMinute(NOW)],
  readiness: { status: 'ok' },
};

const doubt = (of: Doubt, ageMs: number, dueAt?: Date): DoubtSumDto => ({
  doubt: of,
  count: 1,
  oldestAt: new Date(NOW.getTime() - ageMs),
  oldestAgeMs: ageMs,
  ...(dueAt && { dueAt }),
});
const told = (seen: Partial<Seen>): string[] =>
  concernsOf({ ...WELL, ...seen }).map(({ tone, text }) => `${tone}: ${text}`);

describe('the concerns', () => {
  it('are none when all is well, or when the service settles it by itself within minutes', () => {
    expect(concernsOf(WELL)).toEqual([]);
    const young = (['DEBIT_IN_DOUBT', 'REFUND_IN_DOUBT', 'CANCELLED_NOT_REVERSED'] as const).map((one) =>
      doubt(one, WATCHED.doubtMs),
    );
    expect(
      told({ doubts: [...young, doubt('HELD', 1e9), doubt('DEBITED_NOT_ACKNOWLEDGED', 1_000)] }),
    ).toEqual([]);
  });

  it.each<[Doubt, string]>([
    ['DEBIT_IN_DOUBT', 'bad: The ledger has not answered for a debit.'],
    ['REFUND_IN_DOUBT', 'bad: The ledger has not answered for a refund.'],
    ['CANCELLED_NOT_REVERSED', 'warn: Money of a cancelled payment is not given back yet.'],
    ['PARKED', 'bad: Results parked: 1. Resend them.'],
    ['REJECTED', 'bad: Results refused by Alipay+: 1.'],
  ])('name %s that lasts', (of, text) => {
    expect(told({ doubts: [doubt(of, WATCHED.doubtMs + 1)] })).toEqual([text]);
  });

  it('are worse when money is not back by the time at which it has to be', () => {
    expect(told({ doubts: [doubt('CANCELLED_NOT_REVERSED', 1, NOW)] })).toEqual([
      'bad: Money of a cancelled payment was not given back in time.',
    ]);
  });

  it.each([
    [9, 9, false],
    [100, WATCHED.unknownPercent - 1, false],
    [100, WATCHED.unknownPercent, true],
    [10, 1, true],
  ])('with %d calls, %d of them without a clear answer: %s', (asked, askedUnknown, isTold) => {
    const minutes = [{ ...quietMinute(NOW), asked, askedUnknown }];
    expect(told({ minutes }).length > 0).toBe(isTold);
  });

  it('name slow answers, a requested pause, an old result and a part that is down, the worst first', () => {
    const [oldestResultAt, decodePausedUntil] = [new Date(NOW.getTime() - WATCHED.oldestResultMs - 1), NOW];
    const troubles = [{ part: 'database', since: NOW.toISOString(), means: 'Payers are answered 503.' }];
    expect(
      told({
        waiting: { ...WELL.waiting, oldestResultAt, decodePausedUntil },
        minutes: [{ ...quietMinute(NOW), p99Ms: WATCHED.decodeMs + 1 }],
        readiness: { status: 'unavailable', troubles },
      }),
    ).toEqual([
      'bad: Not in order: database. Payers are answered 503.',
      'warn: A result has been waiting for its acknowledgement for more than 5 minutes.',
      'warn: Alipay+ answers slowly.',
      'warn: Alipay+ asked us to slow down.',
    ]);
  });
});
