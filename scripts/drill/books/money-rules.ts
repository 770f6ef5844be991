import { broken, type Discrepancy, type Fact } from './discrepancy.js';
import type { LedgerKey } from './ledger-books.js';
import type { BookAmount, OurDebit, OurOrder } from './our-books.js';

/** Compares our order with the ledger: money is held for a paid order, once and in its amount, and for no other. */
export function moneyRules(order: OurOrder, ledger: ReadonlyMap<string, LedgerKey>): Discrepancy[] {
  const { status, debits, paymentRequestId } = order;
  const taken = debits.filter(({ debitId }) => ledger.get(debitId)?.kind === 'DEBIT');
  const held = taken.filter(({ debitId }) => ledger.get(debitId)?.isReversed === false);
  const due = status === 'PAID' ? 1 : 0;
  const facts: Fact[] = [
    [held.length >= due, 'lost', `is ${status}, and the ledger holds no money for it`],
    [held.length <= due, 'doubled', `is ${status}, and the ledger holds ${held.length} debits for it`],
    // A second debit may only follow a definite refusal of the first.
    [taken.length <= 1, 'doubled', `the ledger has taken money for it ${taken.length} times`],
  ];
  return [
    ...broken(paymentRequestId, facts),
    ...debits.flatMap((debit) => debitRules(order, debit, ledger.get(debit.debitId))),
  ];
}

function debitRules(order: OurOrder, debit: OurDebit, known: LedgerKey | undefined): Discrepancy[] {
  const isSettled = !['INTENDED', 'IN_DOUBT', 'REVERSING'].includes(debit.status);
  const stands = standingOf(known);
  const facts: Fact[] = [
    [isSettled, 'unfinished', `its debit is ${debit.status}`],
    [
      !isSettled || (MAY_STAND[debit.status] ?? []).includes(stands),
      'contradiction',
      `its debit is ${debit.status} with us and ${stands} in the ledger`,
    ],
    [isSame(debit.amount, order.payAmount), 'amount', `its debit is over ${text(debit.amount)}`],
  ];
  if (known?.amount) {
    const isOurs = isSame(known.amount, order.payAmount) && known.customerId === order.customerId;
    const taken = `${text(known.amount)} of ${known.customerId ?? 'nobody'}`;
    facts.push([
      isOurs,
      'amount',
      `the ledger was asked for ${taken} instead of ${text(order.payAmount)} of ${order.customerId}`,
    ]);
  }
  return broken(order.paymentRequestId, facts);
}

/** The states that a settled debit of ours may have in the ledger. */
const MAY_STAND: Readonly<Record<string, readonly string[]>> = {
  DEBITED: ['DEBITED'],
  REVERSED: ['REVERSED', 'CLOSED'],
  // A debit that is too late is refused without a call to the ledger, or after its key was closed there.
  REFUSED: ['REFUSED', 'CLOSED', 'REVERSED', 'ABSENT'],
};

function standingOf(known: LedgerKey | undefined): string {
  if (known === undefined) return 'ABSENT';
  if (known.kind === 'REFUSAL') return 'REFUSED';
  if (known.kind === 'CLOSED') return 'CLOSED';
  return known.isReversed ? 'REVERSED' : 'DEBITED';
}

export function isSame(left: BookAmount | null, right: BookAmount | null): boolean {
  return left?.currency === right?.currency && left?.value === right?.value;
}

export function text(amount: BookAmount | null): string {
  return amount === null ? 'no amount' : `${amount.value} ${amount.currency}`;
}
