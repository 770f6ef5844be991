import { Injectable } from '@nestjs/common';
import { ReversalStore } from '../payment-order/debit/reversal.store.js';
import { WORK } from '../payment-order/order/work.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { WalletLedger } from '../wallet-ledger/wallet-ledger.js';
import { DEBIT_LEASE_MS } from './debit.service.js';
import { askAgainMs } from './doubt-delay.js';
import type { DebitKey } from '../payment-order/order/ids.js';
import type { Origin } from '../platform/tracing/origin.js';

/** Gives the payer's money back after a cancel, and asks again until the ledger says that it is done. */
@Injectable()
export class ReversalService {
  constructor(
    private readonly ledger: WalletLedger,
    private readonly reversals: ReversalStore,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  /** False when there is no reversal of this debit that is due and free. */
  async reverse(debitId: DebitKey, origin?: Origin): Promise<boolean> {
    const claimed = await this.reversals.claim(debitId, DEBIT_LEASE_MS, 250);
    if (!claimed) return false;
    const ids = { origin, paymentId: claimed.paymentId, debitId };
    const answer = await this.ledger.reverse(debitId, 'cancelled by Alipay+', origin);
    if (answer.outcome === 'done') {
      await this.reversals.reversed(debitId, answer.ledgerReference);
      this.log.event('debit.reversed', ids);
      return true;
    }
    // A reversal has to succeed: a refusal is not an answer to it but a fault of the ledger that a person must see.
    const reason = answer.outcome === 'refused' ? `refused_${answer.code}` : answer.reason;
    const delayMs = askAgainMs(claimed.turn, Math.random());
    this.log.error('debit.reversal_pending', { ...ids, reason, alarm: claimed.turn >= 5 });
    const due = await this.reversals.postpone(debitId, reason, delayMs);
    if (due)
      await this.queues.wake(WORK.debit, { id: debitId, turn: `reverse-${due.turn}`, delayMs, origin });
    return true;
  }
}
