import { Injectable } from '@nestjs/common';
import { Arrivals } from '../payment-order/scan/arrivals.js';
import { isoWithOffset } from '../payment-order/order/database-clock.js';
import { DebitStore } from '../payment-order/debit/debit.store.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';
import {
  NEVER_DEBITED,
  type Confirmation,
  type ConfirmedOrder,
  type Debit,
} from '../payment-order/debit/debit.js';
import { WORK } from '../payment-order/order/work.js';
import { within } from '../platform/clock/within.js';
import { EventLog } from '../platform/logging/event-log.js';
import { present } from '../platform/present.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefusalCode,
  type LedgerRequirements,
} from '../wallet-ledger/wallet-ledger.js';
import { askAgainMs, PATIENCE_MS } from './doubt-delay.js';
import { REFUSALS } from './refusals.js';
import type { DebitKey, PaymentId } from '../payment-order/order/ids.js';
import type { Origin } from '../platform/tracing/origin.js';

/** Longer than the ledger may take to answer, so that two never ask about one debit at the same time. */
export const DEBIT_LEASE_MS = 15_000;

/** However often an order is read, the ledger is asked about it no more often than this. */
const QUIET_MS = 1_000;

type ReopeningCode = LedgerRefusalCode | typeof NEVER_DEBITED;
type LedgerDebited = Extract<LedgerLookup, { outcome: 'debited' }>;

export type DebitEnd =
  | { readonly outcome: 'settled'; readonly order: PaymentOrder }
  | { readonly outcome: 'reopened'; readonly refusalCode: ReopeningCode; readonly order: PaymentOrder }
  /** The ledger has not said; somebody asks again, or somebody else settled it meanwhile. */
  | { readonly outcome: 'unsettled' };

/** One claim of a debit that is under way. */
interface DebitTurn extends ConfirmedOrder {
  /** The request that it is taken for, or the job in the background. */
  readonly origin: Origin | undefined;
}

/**
 * Takes the payer's money once, or finds out. The intent was committed before the ledger is called, and its id is the
 * key the ledger knows the debit by: repeating the call under the same key can never take money twice.
 */
@Injectable()
export class DebitService {
  constructor(
    private readonly ledger: WalletLedger,
    private readonly debits: DebitStore,
    private readonly queues: WorkQueues,
    private readonly arrivals: Arrivals,
    private readonly log: EventLog,
  ) {}

  /** Commits the intent to debit; undefined when the order cannot be confirmed as it stands. */
  confirm(confirmation: Confirmation): Promise<ConfirmedOrder | undefined> {
    return this.debits.confirm(confirmation);
  }

  /**
   * Asks the ledger for the money of an intent that was committed a moment ago and was never sent before, unless that
   * was in records that are lost.
   */
  async take(confirmed: ConfirmedOrder, origin?: Origin): Promise<DebitEnd> {
    if (confirmed.order.askLedger) return this.resolve(confirmed, origin);
    const turn = { ...confirmed, origin };
    const { clock, notAfter } = turn.debit;
    if (clock.hasPassed(notAfter)) return this.settled(turn, await this.debits.tooLate(turn));
    return this.settle(turn, await this.debit(turn));
  }

  /** Finds out about an intent that may have been sent: asks by key first, and debits only under that same key. */
  async resolve(confirmed: ConfirmedOrder, origin?: Origin): Promise<DebitEnd> {
    const turn = { ...confirmed, origin };
    const { debit } = turn;
    const known = await this.ledger.lookup(debit.debitId, origin);
    switch (known.outcome) {
      case 'debited':
        return this.settle(turn, taken(known, debit));
      case 'refused':
        return known.code === 'REFUSED' ? this.refusedOrClosed(turn) : this.settle(turn, known);
      case 'reversed':
        return this.settled(turn, await this.debits.tooLate(turn));
      case 'unknown':
        return this.doubt(turn, known.reason);
      case 'absent':
        return !debit.confirmed || debit.clock.hasPassed(debit.notAfter)
          ? this.closeKey(turn)
          : this.settle(turn, await this.debit(turn));
    }
  }

  /**
   * A key that was closed reads like one that was refused for good. It may have been closed because it was late and the
   * answer to that was lost, or because records were lost before: then a later attempt may have followed it, in records
   * that are lost now. The first key that the ledger does not know is closed before the order ends, so that none follows.
   */
  private async refusedOrClosed(turn: DebitTurn): Promise<DebitEnd> {
    const { order, debit, origin } = turn;
    const laterKeys = order.askLedger ? await this.debits.laterKeys(debit) : [];
    for (const key of laterKeys) {
      const later = await this.ledger.lookup(key, origin);
      if (later.outcome === 'unknown') return this.doubt(turn, later.reason);
      // It is found when the order is asked about again.
      if (later.outcome === 'debited') return this.reopened(turn, 'REFUSED');
      if (later.outcome === 'refused') continue;
      const openReason = later.outcome === 'absent' ? await this.close(key, origin) : undefined;
      if (openReason !== undefined) return this.doubt(turn, openReason);
      break;
    }
    return debit.clock.hasPassed(debit.notAfter)
      ? this.settled(turn, await this.debits.tooLate(turn))
      : this.settle(turn, { outcome: 'refused', code: 'REFUSED' });
  }

  /**
   * An order with an unsettled debit is read: the ledger is asked now instead of when the debit is due, so that the
   * reader gets the present state. Does nothing while the debit is claimed, and waits no longer than the reader can.
   */
  async settleSoon(paymentId: PaymentId, origin?: Origin): Promise<void> {
    const confirmed = await this.debits.claimDoubt(paymentId, DEBIT_LEASE_MS, QUIET_MS);
    if (confirmed) await this.resolveSoon(confirmed, origin);
  }

  /**
   * An order that may have been paid in records that are lost is about to end unpaid: the ledger is asked first. What
   * it knows is adopted; if it knows nothing, the order is open as before, and no earlier debit can take money any
   * more. Does nothing for any other order, and waits no longer than the caller can.
   */
  async findOut(paymentId: PaymentId, origin?: Origin): Promise<void> {
    const asked = await this.debits.askLedger(paymentId, DEBIT_LEASE_MS);
    if (asked) await this.resolveSoon(asked, origin);
  }

  private async resolveSoon(confirmed: ConfirmedOrder, origin: Origin | undefined): Promise<void> {
    const { paymentId } = confirmed.order;
    // What cannot be written stays due; the caller still gets an answer.
    const asked = this.resolve(confirmed, origin).catch((error: unknown) =>
      this.log.error('debit.look_failed', { origin, paymentId }, error),
    );
    await within(PATIENCE_MS, asked, () => undefined);
  }

  private async debit({ order, debit, origin }: DebitTurn): Promise<LedgerAnswer> {
    const requirements = requirementsOf(order, debit);
    // It stays in doubt until the key is back, or its time is over and the key is closed at the ledger.
    if (!requirements) return { outcome: 'unknown', reason: 'requirements_unreadable' };
    const asked: LedgerDebit = {
      key: debit.debitId,
      paymentRequestId: order.paymentRequestId,
      customerId: debit.customerId,
      amount: debit.amount,
      notAfter: debit.notAfter,
      description: descriptionOf(order),
      ...requirements,
    };
    return this.ledger.debit(asked, origin);
  }

  private async settle(turn: DebitTurn, answer: LedgerAnswer): Promise<DebitEnd> {
    if (answer.outcome === 'unknown') return this.doubt(turn, answer.reason);
    if (answer.outcome === 'done') {
      const paymentTime = isoWithOffset(turn.debit.clock.now());
      const order = await this.debits.debited(turn, answer.ledgerReference, paymentTime);
      return this.settled(turn, order);
    }
    const meaning = REFUSALS[answer.code];
    if (meaning.end === 'doubt') return this.doubt(turn, `refused_${answer.code}`);
    if (meaning.end === 'expire') return this.settled(turn, await this.debits.tooLate(turn));
    if (meaning.end === 'fail') {
      const order = await this.debits.refused(turn, answer.code, meaning.result);
      return this.settled(turn, order);
    }
    return this.reopened(turn, answer.code);
  }

  private async reopened(turn: DebitTurn, refusalCode: ReopeningCode): Promise<DebitEnd> {
    const order = await this.debits.reopened(turn, refusalCode);
    if (order?.status !== 'AWAITING_CONFIRMATION') return this.settled(turn, order);
    this.arrivals.arrived('payment', order.paymentId);
    return { outcome: 'reopened', refusalCode, order };
  }

  /**
   * The order's time is over, or nobody confirmed, and the ledger never saw the debit. A call of ours may still be on its
   * way, so the key is closed at the ledger before the order goes on: from then on nothing can be debited under it.
   */
  private async closeKey(turn: DebitTurn): Promise<DebitEnd> {
    const { debit, origin } = turn;
    const openReason = await this.close(debit.debitId, origin);
    if (openReason !== undefined) return this.doubt(turn, openReason);
    return debit.clock.hasPassed(debit.notAfter)
      ? this.settled(turn, await this.debits.tooLate(turn))
      : this.reopened(turn, NEVER_DEBITED);
  }

  /** Why the key is not closed, if it is not: that does not prove that nothing was taken, so the order may not end yet. */
  private async close(key: DebitKey, origin: Origin | undefined): Promise<string | undefined> {
    const answer = await this.ledger.reverse(key, 'closed before it was debited', origin);
    if (answer.outcome === 'unknown') return answer.reason;
    return answer.outcome === 'refused' ? `close_refused_${answer.code}` : undefined;
  }

  private async doubt({ debit, order, origin }: DebitTurn, reason: string): Promise<DebitEnd> {
    const delayMs = askAgainMs(debit.tries, Math.random());
    const due = await this.debits.inDoubt(debit.debitId, reason, delayMs);
    const { paymentId } = order;
    this.log.warn('debit.in_doubt', { origin, paymentId, debitId: debit.debitId, reason });
    if (due) await this.queues.wake(WORK.debit, { id: due.id, turn: String(due.turn), delayMs, origin });
    return { outcome: 'unsettled' };
  }

  private settled({ debit, origin }: DebitTurn, order: PaymentOrder | undefined): DebitEnd {
    if (!order) return { outcome: 'unsettled' };
    this.log.event('debit.settled', { origin, paymentId: order.paymentId, status: order.status });
    this.arrivals.arrived('payment', order.paymentId);
    // Not awaited: the notification row is committed, and the payer need not wait for the queue.
    void this.queues.poke(WORK.notify);
    if (order.status === 'CANCELLED') {
      void this.queues.wake(WORK.debit, { id: debit.debitId, turn: 'reverse-0', delayMs: 0, origin });
    }
    return { outcome: 'settled', order };
  }
}

/** Another amount or customer than was asked for settles nothing: a person has to check it. */
function taken(known: LedgerDebited, asked: Debit): LedgerAnswer {
  const { amount, customerId, ledgerReference } = known;
  const isAmount = amount.currency === asked.amount.currency && amount.value === asked.amount.value;
  if (!isAmount) return { outcome: 'unknown', reason: 'other_amount' };
  if (customerId !== asked.customerId) return { outcome: 'unknown', reason: 'other_customer' };
  return { outcome: 'done', ledgerReference };
}

/** As long as the network lets a description be; an answer may bring a longer one. */
const MAX_DESCRIPTION = 256;

function descriptionOf({ content, paymentRequestId }: PaymentOrder): string {
  const { orderDescription = paymentRequestId } = content;
  return orderDescription.length <= MAX_DESCRIPTION
    ? orderDescription
    : Array.from(orderDescription).slice(0, MAX_DESCRIPTION).join('');
}

/** Undefined when the order asks for something and what that is, or the proof of it, is sealed with a key that is missing. */
function requirementsOf(
  { content }: PaymentOrder,
  { proofs = {}, areProofsUnreadable }: Debit,
): Pick<LedgerDebit, 'requirements'> | undefined {
  const { requirements, passThroughInfo, isUnreadable } = content;
  if (!requirements) return {};
  if (isUnreadable || areProofsUnreadable) return undefined;
  const { flags, authorizationInfo } = requirements;
  return { requirements: present<LedgerRequirements>({ flags, proofs, authorizationInfo, passThroughInfo }) };
}
