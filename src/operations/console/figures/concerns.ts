import type { ReadinessDto } from '../../../platform/health/readiness.js';
import type { Doubt } from '../../../payment-order/doubt/doubts.js';
import type { SummaryDto } from '../../summary/summary.dto.js';
import { MINUTE_MS, WATCHED, type Minute, type Waiting } from './figures.js';

/** Something a person should look at. `bad`: now, because money or payers are concerned. `warn`: soon. */
export interface Concern {
  readonly tone: 'bad' | 'warn';
  readonly text: string;
  /** The list of the payments concerned. */
  readonly href?: string;
}

export interface Seen {
  readonly doubts: SummaryDto['doubts'];
  readonly waiting: Waiting;
  /** The last complete minutes, oldest first. */
  readonly minutes: readonly Minute[];
  readonly readiness: Pick<ReadinessDto, 'status' | 'troubles'>;
}

/** Fewer calls are too few for a percentage. */
const FEWEST_CALLS = 10;
const LAST_MINUTES = 5;

/** Everything that needs attention, the worst first; empty when nothing has to be done. */
export function concernsOf(seen: Seen): readonly Concern[] {
  const found = [...ofMoney(seen), ...ofResults(seen), ...ofPartner(seen), ...ofParts(seen)];
  return found.toSorted((one, other) => Number(one.tone === 'warn') - Number(other.tone === 'warn'));
}

function ofMoney({ doubts, waiting }: Seen): Concern[] {
  const href = '/console/in-doubt#money';
  const isLate = ({ dueAt }: Seen['doubts'][number]): boolean => dueAt !== undefined && dueAt <= waiting.now;
  const oldOnes = (doubt: Doubt): boolean =>
    ofDoubt(doubts, doubt).some(({ oldestAgeMs }) => oldestAgeMs > WATCHED.doubtMs);
  const concerns: Concern[] = [];
  if (ofDoubt(doubts, 'CANCELLED_NOT_REVERSED').some(isLate)) {
    concerns.push({ tone: 'bad', text: 'Money of a cancelled payment was not given back in time.', href });
  } else if (oldOnes('CANCELLED_NOT_REVERSED')) {
    concerns.push({ tone: 'warn', text: 'Money of a cancelled payment is not given back yet.', href });
  }
  if (oldOnes('DEBIT_IN_DOUBT')) {
    concerns.push({ tone: 'bad', text: 'The ledger has not answered for a debit.', href });
  }
  if (oldOnes('REFUND_IN_DOUBT')) {
    concerns.push({ tone: 'bad', text: 'The ledger has not answered for a refund.', href });
  }
  return concerns;
}

function ofResults({ doubts, waiting: { now, oldestResultAt } }: Seen): Concern[] {
  const list = '/console/payments?notificationStatus=';
  const concerns: Concern[] = [];
  const parked = countOf(doubts, 'PARKED');
  if (parked > 0) {
    concerns.push({ tone: 'bad', text: `Results parked: ${parked}. Resend them.`, href: `${list}PARKED` });
  }
  const rejected = countOf(doubts, 'REJECTED');
  if (rejected > 0) {
    const text = `Results refused by Alipay+: ${rejected}.`;
    concerns.push({ tone: 'bad', text, href: `${list}REJECTED` });
  }
  if (oldestResultAt !== undefined && now.getTime() - oldestResultAt.getTime() > WATCHED.oldestResultMs) {
    const minutes = WATCHED.oldestResultMs / MINUTE_MS;
    const text = `A result has been waiting for its acknowledgement for more than ${minutes} minutes.`;
    concerns.push({ tone: 'warn', text, href: `${list}PENDING&sort=createdAt` });
  }
  return concerns;
}

function ofPartner({ waiting, minutes }: Seen): Concern[] {
  const last = minutes.slice(-LAST_MINUTES);
  const sum = (of: (minute: Minute) => number): number => last.reduce((total, one) => total + of(one), 0);
  const calls = sum(({ asked, told }) => asked + told);
  const unknown = sum(({ askedUnknown, toldUnknown }) => askedUnknown + toldUnknown);
  const percent = calls === 0 ? 0 : Math.round((100 * unknown) / calls);
  const concerns: Concern[] = [];
  if (calls >= FEWEST_CALLS && percent >= WATCHED.unknownPercent) {
    const text = `Alipay+ gave no clear answer to ${percent} % of the calls of the last ${LAST_MINUTES} minutes.`;
    concerns.push({ tone: 'bad', text, href: '/console/live' });
  }
  if (last.some(({ p99Ms }) => p99Ms !== undefined && p99Ms > WATCHED.decodeMs)) {
    concerns.push({ tone: 'warn', text: 'Alipay+ answers slowly.', href: '/console/live' });
  }
  if (waiting.decodePausedUntil !== undefined) {
    concerns.push({ tone: 'warn', text: 'Alipay+ asked us to slow down.', href: '/console/live' });
  }
  return concerns;
}

function ofParts({ readiness: { status, troubles = [] } }: Seen): Concern[] {
  return troubles.map(({ part, means }) => ({
    tone: status === 'unavailable' ? 'bad' : 'warn',
    text: `Not in order: ${part}. ${means}`,
  }));
}

function ofDoubt(doubts: Seen['doubts'], wanted: Doubt): Seen['doubts'] {
  return doubts.filter(({ doubt }) => doubt === wanted);
}

function countOf(doubts: Seen['doubts'], wanted: Doubt): number {
  return ofDoubt(doubts, wanted).reduce((total, { count }) => total + count, 0);
}
