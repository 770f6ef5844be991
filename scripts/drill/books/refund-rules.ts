import { broken, type Discrepancy, type Fact } from './discrepancy.js';
import type { LedgerRefund } from './ledger-books.js';
import { isSame, text } from './money-rules.js';
import type { OurOrder, OurRefund } from './our-books.js';
import type { TwinOrder } from './twin-books.js';

/**
 * Guarantee 11 over three books: given back once for each id, answered with its final result, and together never more
 * than was paid.
 */
export function refundRules(
  order: OurOrder,
  twin: TwinOrder | undefined,
  given: ReadonlyMap<string, LedgerRefund>,
): Discrepancy[] {
  const { paymentRequestId, refunds, payAmount, debits } = order;
  const keys = new Set(debits.map(({ debitId }) => debitId));
  const ofOrder = [...given.values()].filter(({ debitKey }) => keys.has(debitKey));
  const sum = ofOrder.reduce((total, { amount }) => total + BigInt(amount.value), 0n);
  const ours = new Map(refunds.map((refund) => [refund.refundRequestId, refund]));
  const known = new Set(refunds.map(({ refundId }) => refundId));
  return [
    ...broken(paymentRequestId, [
      [
        sum <= BigInt(payAmount?.value ?? 0),
        'doubled',
        `${sum} was refunded of ${text(payAmount)} that was paid`,
      ],
      [
        ofOrder.every(({ key }) => known.has(key)),
        'doubled',
        'the ledger has made a refund that is none of ours',
      ],
    ]),
    ...refunds.flatMap((refund) => broken(paymentRequestId, madeFacts(refund, given.get(refund.refundId)))),
    ...(twin?.refunds ?? []).flatMap(({ refundRequestId, result }) =>
      broken(paymentRequestId, toldFacts(refundRequestId, result, ours.get(refundRequestId))),
    ),
  ];
}

function madeFacts(refund: OurRefund, given: LedgerRefund | undefined): Fact[] {
  const { refundRequestId, status, backAmount } = refund;
  const isMade = status === 'REFUNDED';
  return [
    [isMade || status === 'REFUSED', 'unfinished', `its refund ${refundRequestId} is ${status}`],
    [!isMade || given !== undefined, 'lost', `its refund ${refundRequestId} is not in the ledger`],
    [status !== 'REFUSED' || !given, 'contradiction', `its refund ${refundRequestId} was refused and made`],
    [
      !given || isSame(given.amount, backAmount),
      'amount',
      `its refund ${refundRequestId} is over ${text(backAmount)} with us and ${text(given?.amount ?? null)} in the ledger`,
    ],
  ];
}

function toldFacts(id: string, result: string | null, ours: OurRefund | undefined): Fact[] {
  const status = ours?.status ?? 'not there';
  return [
    [result !== null, 'unfinished', `the twin has no answer to its refund ${id}`],
    [
      result === null || (result === 'S') === (status === 'REFUNDED'),
      'contradiction',
      `the twin was told ${result} of its refund ${id}, which is ${status}`,
    ],
  ];
}
