import { broken, type Discrepancy } from './discrepancy.js';
import type { OurBooks } from './our-books.js';

/** The answers that the app of one payer got; they must still be true. */
export interface AppWitness {
  /** From a 201 or 202. */
  readonly scanId?: string;
  /** From the payment it was shown. */
  readonly paymentRequestId?: string;
  /** The last final status it was shown. */
  readonly shown?: string;
}

/** Every answer to an app was committed before, so no fault may undo it. */
export function appRules(ours: OurBooks, witnesses: readonly AppWitness[]): Discrepancy[] {
  const scans = new Set(ours.scans.map(({ scanId }) => scanId));
  const orders = new Map(ours.orders.map((order) => [order.paymentRequestId, order.status]));
  return witnesses.flatMap(({ scanId, paymentRequestId, shown }) => {
    const about = paymentRequestId ?? `scan ${scanId ?? 'without an id'}`;
    const status = paymentRequestId === undefined ? undefined : orders.get(paymentRequestId);
    const stands = status ?? 'unknown to us';
    return broken(about, [
      [
        scanId === undefined || scans.has(scanId),
        'lost',
        'an app was told of this scan, and it is not there',
      ],
      [
        paymentRequestId === undefined || status !== undefined,
        'lost',
        'an app was shown this payment, and it is not there',
      ],
      [
        shown === undefined || status === undefined || isStillTrue(shown, status),
        shown === 'PAID' ? 'lost' : 'contradiction',
        `an app was shown ${shown}, and it is ${stands}`,
      ],
    ]);
  });
}

function isStillTrue(shown: string, status: string): boolean {
  return shown === status || (shown === 'PAID' && status === 'CANCELLED');
}
