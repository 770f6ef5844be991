import { Injectable } from '@nestjs/common';
import {
  readCancelPayment,
  readInquiryPayment,
  writeInquiryPaymentAnswer,
  writeResultOnly,
  type ResultToWrite,
} from '../alipay-plus/messages/inbound-messages.js';
import { DebitService } from '../debit/debit.service.js';
import { LostOrderService } from '../debit/lost-order.service.js';
import { CancelStore } from '../payment-order/cancel/cancel.store.js';
import { InquiryStore, type Standing } from '../payment-order/cancel/inquiry.store.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';
import { WORK } from '../payment-order/order/work.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { PARAM_ILLEGAL } from './inbound.refusals.js';
import { standingAnswer, SUCCESS, TRY_AGAIN } from './standing-answers.js';
import type { PaymentRequestId } from '../payment-order/order/ids.js';
import type { Origin } from '../platform/tracing/origin.js';

/** An answer to Alipay+, ready to be signed: its bytes, and what they say for the evidence. */
export interface InboundAnswer {
  readonly body: Buffer;
  readonly result: ResultToWrite;
  readonly paymentResult?: ResultToWrite;
  readonly paymentRequestId?: PaymentRequestId;
}

/** What Alipay+ asks us about a payment, and what it tells us to undo. */
@Injectable()
export class InboundService {
  constructor(
    private readonly inquiries: InquiryStore,
    private readonly cancels: CancelStore,
    private readonly debits: DebitService,
    private readonly lost: LostOrderService,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  async inquire(body: Buffer, origin: Origin): Promise<InboundAnswer> {
    const reading = readInquiryPayment(body);
    if (!reading.readable) return resultOnly(PARAM_ILLEGAL);
    const { paymentRequestId } = reading.request;
    const answer = standingAnswer(await this.settledStanding(paymentRequestId, origin));
    return {
      body: writeInquiryPaymentAnswer(answer),
      result: answer.result,
      paymentRequestId,
      ...(answer.paymentResult === undefined ? {} : { paymentResult: answer.paymentResult }),
    };
  }

  /** Succeeds in any state, also for an order we never saw, and a repetition is answered the same. */
  async cancel(body: Buffer, origin: Origin): Promise<InboundAnswer> {
    const reading = readCancelPayment(body);
    if (!reading.readable) return resultOnly(PARAM_ILLEGAL);
    const { paymentRequestId, acquirerId, pspId } = reading.request;
    const end = await this.cancels.cancel({
      paymentRequestId,
      ...(acquirerId === undefined ? {} : { acquirerId }),
      ...(pspId === undefined ? {} : { pspId }),
    });
    const { order, reversal } = end;
    const { paymentId, status } = order ?? {};
    this.log.event('order.cancel_requested', { origin, paymentId, status });
    if (reversal)
      await this.queues.wake(WORK.debit, { id: reversal.id, turn: 'reverse-0', delayMs: 0, origin });
    if (end.closedNow && order) void this.queues.poke(WORK.notify);
    if (order && !end.closedNow) await this.askLedgerNow(order, origin);
    // The tombstone stays. The money of a lost order has to go back, and Alipay+ repeats until we know that it did.
    if (!order && !(await this.lost.giveBack(paymentRequestId, origin)))
      return { ...resultOnly(TRY_AGAIN), paymentRequestId };
    return { ...resultOnly(SUCCESS), paymentRequestId };
  }

  /** The cancel is committed; asking the ledger now brings the money back sooner. */
  private async askLedgerNow({ paymentId, status, askLedger }: PaymentOrder, origin: Origin): Promise<void> {
    if (status === 'DEBITING') await this.debits.settleSoon(paymentId, origin);
    else if (askLedger) await this.debits.findOut(paymentId, origin);
  }

  /** A debit in doubt is asked for first, so that `PAYMENT_IN_PROCESS` is answered only while it is true. */
  private async settledStanding(paymentRequestId: PaymentRequestId, origin: Origin): Promise<Standing> {
    const standing = await this.inquiries.standing(paymentRequestId);
    // An order that does not exist counts as never paid.
    if (standing.known === 'nothing' && (await this.lost.mayBePaid(paymentRequestId, origin)))
      return { known: 'to the ledger' };
    if (standing.known !== 'order' || standing.order.status !== 'DEBITING') return standing;
    await this.debits.settleSoon(standing.order.paymentId, origin);
    return this.inquiries.standing(paymentRequestId);
  }
}

export function resultOnly(result: ResultToWrite): InboundAnswer {
  return { body: writeResultOnly(result), result };
}
