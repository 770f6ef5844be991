import type { JSX } from 'preact';
import { DOUBTS, type Doubt } from '../../../payment-order/doubt/doubts.js';
import type { DoubtSumDto } from '../../summary/summary.dto.js';
import { Sum } from './facts.js';
import { Figure } from './figure.js';
import { ageText } from './time.js';

interface DoubtText {
  readonly name: string;
  readonly href?: string;
}

const TEXTS: Readonly<Record<Doubt, DoubtText>> = {
  DEBITED_NOT_ACKNOWLEDGED: {
    name: 'Paid, not acknowledged',
    href: '/console/payments?status=PAID&sort=createdAt&notificationStatus=PENDING',
  },
  CANCELLED_NOT_REVERSED: { name: 'Cancelled, not given back', href: '/console/in-doubt#money' },
  DEBIT_IN_DOUBT: { name: 'Debits in doubt', href: '/console/in-doubt#money' },
  REFUND_IN_DOUBT: { name: 'Refunds in doubt', href: '/console/in-doubt#money' },
  PARKED: { name: 'Results parked', href: '/console/payments?notificationStatus=PARKED' },
  REJECTED: { name: 'Results refused', href: '/console/payments?notificationStatus=REJECTED' },
  HELD: { name: 'Orders held', href: '/console/payments?status=HELD' },
};

/** The sums in doubt, each in a fixed place, also when it is zero. */
export function DoubtFigures({ sums }: { sums: readonly DoubtSumDto[] }): JSX.Element {
  return (
    <dl class="figures doubts">
      {DOUBTS.map((doubt) => (
        <Figure key={doubt} {...TEXTS[doubt]}>
          <Sums of={sums.filter((sum) => sum.doubt === doubt)} />
        </Figure>
      ))}
    </dl>
  );
}

function Sums({ of }: { of: readonly DoubtSumDto[] }): JSX.Element {
  if (of.length === 0) return <span class="nothing">none</span>;
  return (
    <>
      {of.map(({ sum, count, oldestAgeMs }) => (
        <span class="sum" key={sum?.currency}>
          {sum === undefined ? 'no amount' : <Sum>{sum.display}</Sum>}{' '}
          <small>
            {count.toLocaleString('en')} · oldest {ageText(oldestAgeMs)}
          </small>
        </span>
      ))}
    </>
  );
}

/** The number of payments, in all currencies. */
export function doubtCount(sums: readonly DoubtSumDto[], doubt: Doubt): number {
  return sums.filter((sum) => sum.doubt === doubt).reduce((total, { count }) => total + count, 0);
}
