import type { InboundAnswer } from '../../../src/inbound/inbound.service.js';
import { Violation } from '../engine/violation.js';
import type { PartnerOrder } from './alipay-plus-books.js';
import type { PartnerRefund } from './partner-refunds.js';
import type { ServiceParts } from './composition.js';
import type { World } from './world.js';
import { Origin } from '../../../src/platform/tracing/origin.js';

/** Nothing is logged here, so all requests may have the same. */
const ORIGIN = new Origin('simulated');

/** Alipay+ as a caller: it inquires about an order and cancels it, and repeats unanswered calls. */
export class Partner {
  constructor(private readonly world: World) {}

  /** Cancels until the answer is S. */
  async cancel(order: PartnerOrder, atMs: number): Promise<void> {
    const { scheduler } = this.world;
    await scheduler.delay(atMs - scheduler.nowMs);
    order.cancelAskedMs = scheduler.nowMs;
    for (let attempt = 1; attempt <= 200; attempt += 1) {
      const { losses } = this.world;
      const answer = await this.ask(`cancels ${order.paymentRequestId}`, ({ inbound }) =>
        inbound.cancel(bodyFor(order), ORIGIN),
      );
      if (answer?.result.resultStatus === 'S' && losses === this.world.losses) {
        order.cancelAnsweredMs = scheduler.nowMs;
        scheduler.tell('alipay+', `was told that ${order.paymentRequestId} is cancelled`);
        return;
      }
      await scheduler.delay(2_000);
    }
    this.break(9, order, 'a cancel was never answered');
  }

  /** Guarantee 5: answers may go from U to a result, and from S to F by a cancel; never any other way. */
  async inquire(order: PartnerOrder, atMs: number): Promise<InboundAnswer | undefined> {
    const { scheduler } = this.world;
    await scheduler.delay(atMs - scheduler.nowMs);
    const { losses } = this.world;
    const answer = await this.ask(`inquires ${order.paymentRequestId}`, ({ inbound }) =>
      inbound.inquire(bodyFor(order), ORIGIN),
    );
    // Answers from before the loss of commits no longer count.
    if (!answer || losses !== this.world.losses || answer.result.resultStatus === 'U') return undefined;
    const told = answer.paymentResult?.resultStatus ?? answer.result.resultCode;
    scheduler.tell('alipay+', `is told ${told} about ${order.paymentRequestId}`);
    if (answer.paymentResult?.resultStatus === 'S') {
      const held = this.world.ledger.heldFor(order.paymentRequestId).length;
      if (held !== 1 && order.cancelAskedMs === undefined) {
        this.break(5, order, `inquiry says S, and ${held} debits are held`);
      }
    }
    order.inquired.push(told);
    return answer;
  }

  /** Requests a refund until it gets a final answer. */
  refund(refund: PartnerRefund): Promise<void> {
    return this.world.refunds.refund((what, request) => this.ask(what, request), refund);
  }

  /** Repeats it once more, whatever the answers before; the service may have lost its records of it. */
  refundAgain(refund: PartnerRefund, atMs: number): Promise<void> {
    return this.world.refunds.refundAgain((what, request) => this.ask(what, request), refund, atMs);
  }

  private ask(
    what: string,
    request: (parts: ServiceParts) => Promise<InboundAnswer>,
  ): Promise<InboundAnswer | undefined> {
    const { scheduler } = this.world;
    return new Promise((resolve) => {
      const doors = this.world.alive('api');
      if (doors.length === 0) return resolve(undefined);
      const { process, parts } = scheduler.random.pick(doors);
      scheduler.tell('alipay+', `${what} at ${process.name}`);
      scheduler.add({ atMs: scheduler.nowMs + 8_000, run: () => resolve(undefined) });
      const answered = process.enter(() => request(parts));
      void answered.then(
        (answer) => scheduler.add({ run: () => resolve(answer) }),
        () => scheduler.add({ run: () => resolve(undefined) }),
      );
    });
  }

  private break(guarantee: number, { paymentRequestId }: PartnerOrder, what: string): never {
    throw new Violation(guarantee, `${paymentRequestId}: ${what}`, [paymentRequestId]);
  }
}

function bodyFor({ paymentRequestId }: PartnerOrder): Buffer {
  return Buffer.from(JSON.stringify({ acquirerId: '1020', pspId: '1022', paymentRequestId }));
}
