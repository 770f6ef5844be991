import type { DebitStatus, NotificationStatus } from '../../payment-order/order/payment-status.js';

/** What our records say of an order. `ended` is unpaid, and Alipay+ never cancelled it. */
export const OUR_STANDINGS = ['unknown', 'cancelled', 'open', 'held', 'debiting', 'paid', 'ended'] as const;
export type OurStanding = (typeof OUR_STANDINGS)[number];

/** Whether Alipay+ counts the order as paid, by the list the operator gave; `unsaid` without a list. */
type PartnerStanding = 'paid' | 'not-paid' | 'unsaid';

/** One order after records were lost, as its three books show it. */
export interface RepairCase {
  readonly ours: OurStanding;
  /** Our row of the debit that the ledger was asked about. */
  readonly debit: DebitStatus | 'none';
  readonly ledger: 'debited' | 'reversed' | 'not-taken' | 'unknown';
  /** Customer and amount of the ledger's debit are those of our order; true where we know no order. */
  readonly fits: boolean;
  readonly notification: NotificationStatus | 'none';
  readonly partner: PartnerStanding;
  /** The day of the debit is over at Alipay+, its cancels included. */
  readonly isDayOver: boolean;
}

type Verdict = 'agrees' | 'waits' | 'restore' | 'reverse' | 'decide';

export interface Judgement {
  readonly verdict: Verdict;
  /** A stable word; docs/runbook.md says what to do about each that a person has to decide. */
  readonly reason: string;
}

interface Rule extends Judgement {
  readonly when: (one: RepairCase) => boolean;
}

const rule = (verdict: Verdict, reason: string, when: Rule['when']): Rule => ({ verdict, reason, when });

/**
 * The first that fits decides. Money goes back by itself only where Alipay+ has said that the order is over: it cancelled, it
 * acknowledged an F, or its day is closed without the order. Wherever it may count the order as paid, a person decides.
 */
const HELD_BY_LEDGER: readonly Rule[] = [
  rule('waits', 'IN_HAND', ({ debit }) => ['INTENDED', 'IN_DOUBT', 'REVERSING'].includes(debit)),
  rule('waits', 'IN_HAND', ({ ours }) => ours === 'debiting'),
  rule('decide', 'OTHER_TERMS', ({ fits }) => !fits),
  rule('agrees', 'PAID', ({ ours, debit }) => ours === 'paid' && debit === 'DEBITED'),
  rule('decide', 'PAID_BY_ANOTHER_DEBIT', ({ ours }) => ours === 'paid'),
  rule('decide', 'RECORDED_AS_NOT_TAKEN', ({ debit }) => debit !== 'none'),
  rule('restore', 'TAKEN_AND_OPEN', ({ ours }) => ours === 'open'),
  rule('decide', 'TAKEN_AND_HELD', ({ ours }) => ours === 'held'),
  rule('decide', 'COUNTED_PAID_AND_OVER', ({ ours, partner }) => ours !== 'unknown' && partner === 'paid'),
  rule('reverse', 'CANCELLED', ({ ours }) => ours === 'cancelled'),
  rule(
    'reverse',
    'ENDED_UNPAID',
    ({ ours, notification }) => ours === 'ended' && notification === 'DELIVERED',
  ),
  rule('waits', 'END_NOT_ACKNOWLEDGED', ({ notification }) => notification === 'PENDING'),
  rule('decide', 'END_REFUSED', ({ ours }) => ours === 'ended'),
  rule('decide', 'COUNTED_PAID_WITHOUT_RECORD', ({ partner }) => partner === 'paid'),
  rule('decide', 'NO_RECORD_AND_NO_LIST', ({ partner }) => partner === 'unsaid'),
  rule('waits', 'DAY_NOT_OVER', ({ isDayOver }) => !isDayOver),
  rule('reverse', 'NOT_COUNTED_PAID', () => true),
];

const GIVEN_BACK: readonly Rule[] = [
  rule('waits', 'IN_HAND', ({ debit }) => debit === 'REVERSING'),
  rule('waits', 'IN_HAND', ({ ours }) => ours === 'debiting'),
  rule('decide', 'PAID_AND_GIVEN_BACK', ({ ours }) => ours === 'paid'),
  rule('decide', 'COUNTED_PAID_AND_GIVEN_BACK', ({ partner }) => partner === 'paid'),
  rule('restore', 'GIVEN_BACK_AND_OPEN', ({ ours }) => ours === 'open'),
  rule('agrees', 'GIVEN_BACK', () => true),
];

const NOT_TAKEN: readonly Rule[] = [
  rule('waits', 'IN_HAND', ({ ours }) => ours === 'debiting'),
  rule('decide', 'PAID_AND_NOT_TAKEN', ({ ours }) => ours === 'paid'),
  rule('decide', 'COUNTED_PAID_AND_NOT_TAKEN', ({ partner }) => partner === 'paid'),
  rule('agrees', 'NOT_TAKEN', () => true),
];

const LEDGER_SILENT: readonly Rule[] = [rule('waits', 'LEDGER_UNKNOWN', () => true)];

const TABLE: Readonly<Record<RepairCase['ledger'], readonly Rule[]>> = {
  debited: HELD_BY_LEDGER,
  reversed: GIVEN_BACK,
  'not-taken': NOT_TAKEN,
  unknown: LEDGER_SILENT,
};

export function judge(one: RepairCase): Judgement {
  const found = TABLE[one.ledger].find(({ when }) => when(one));
  if (found === undefined) throw new Error(`no rule for ${JSON.stringify(one)}`);
  return { verdict: found.verdict, reason: found.reason };
}

const UTC_8_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const CANCELS_UNTIL_MS = 30 * 60_000;

/** When Alipay+ has closed the day of a debit for good: 00:30 at UTC+8 of the day after. */
export function dayEnd(bookedAt: Date): Date {
  const day = Math.floor((bookedAt.getTime() + UTC_8_MS) / DAY_MS);
  return new Date((day + 1) * DAY_MS - UTC_8_MS + CANCELS_UNTIL_MS);
}
