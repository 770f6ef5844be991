import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { Caller } from '../../../src/platform/auth/caller.js';
import { ProblemError } from '../../../src/platform/http/problem.js';
import { Violation } from '../engine/violation.js';
import type { PartnerCode } from './alipay-plus-books.js';
import type { ServiceParts } from './composition.js';
import type { World } from './world.js';
import { Origin } from '../../../src/platform/tracing/origin.js';

export interface Plan {
  readonly customerId: string;
  readonly code: PartnerCode;
  readonly startsAtMs: number;
  readonly does: 'confirm' | 'confirm twice' | 'decline' | 'nothing';
  /** How long the payer looks at the payment before acting, in ms. */
  readonly thinksMs: number;
}

/** The outcome of a request, as an app sees it. */
type Answered<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'problem'; readonly code: string }
  | { readonly kind: 'failed' };

const APP_TIMEOUT_MS = 20_000;
const TRIES = 8;

/** A wallet app in the hand of a payer: it repeats unanswered requests, at any running process. */
export class Payer {
  constructor(
    private readonly world: World,
    private readonly plan: Plan,
  ) {}

  async live(): Promise<void> {
    const { scheduler } = this.world;
    await scheduler.delay(this.plan.startsAtMs - scheduler.nowMs);
    const order = await this.decoded();
    if (!order || this.plan.does === 'nothing') return;
    await scheduler.delay(this.plan.thinksMs);
    if (this.plan.does === 'decline') {
      await this.ask('declines', ({ payments }, caller) => payments.decline(caller, order.paymentId));
      return;
    }
    const times = this.plan.does === 'confirm twice' ? [1, 2] : [1];
    await Promise.all(times.map(() => this.confirm(order)));
  }

  private async decoded(): Promise<PaymentOrder | undefined> {
    const { code, customerId } = this.plan;
    for (let look = 0; look < 40; look += 1) {
      // A repeated scan finds the scan in flight for this code; so an app that lost its scanId just scans again.
      const found = await this.ask(`scans ${code.codeValue}`, ({ scans }, caller) =>
        scans.create(caller, { codeValue: code.codeValue, customerId }),
      );
      if (found.kind === 'problem') return undefined;
      if (found.kind === 'answer') {
        const { scan, payment } = found.value;
        if (payment) return this.ours(payment);
        if (scan.status !== 'PENDING') return undefined;
      }
      await this.world.scheduler.delay(this.world.scheduler.random.between(500, 4_000));
    }
    return undefined;
  }

  /** Guarantee 1, seen from outside: nobody is ever shown the order of somebody else. */
  private ours(payment: PaymentOrder): PaymentOrder {
    if (payment.customerId === this.plan.customerId) return payment;
    const about = [payment.paymentRequestId, payment.paymentId];
    throw new Violation(1, `${this.plan.customerId} was shown ${payment.paymentRequestId} of another`, about);
  }

  private async confirm(order: PaymentOrder): Promise<void> {
    const { payAmount } = order;
    if (!payAmount) return;
    const dto = { payAmount: { currency: payAmount.currency, value: String(payAmount.value) } };
    for (let round = 0; round < 3; round += 1) {
      const { losses } = this.world;
      const answered = await this.ask(`confirms ${order.paymentRequestId}`, ({ payments }, caller) =>
        payments.confirm(caller, order.paymentId, dto),
      );
      if (answered.kind === 'answer') return this.mustBeTrue(answered.value, losses);
      if (answered.kind === 'failed' || answered.code !== 'INSUFFICIENT_BALANCE') return;
      this.world.ledger.topUp(this.plan.customerId);
    }
  }

  /** Guarantee 2: an answer to the app was committed before, so it is still true, or a cancel has undone it. */
  private async mustBeTrue(order: PaymentOrder, losses: number): Promise<void> {
    if (order.status !== 'PAID' || losses !== this.world.losses) return;
    await this.world.scheduler.perform(async () => {
      if (losses === this.world.losses) await this.mustBePaid(order);
    });
  }

  private async mustBePaid(order: PaymentOrder): Promise<void> {
    const [row] = await this.world.connections.look<{ status: string }>(
      'select status from payment_order where payment_id = $1',
      [order.paymentId],
    );
    if (row?.status === 'PAID' || row?.status === 'CANCELLED') return;
    throw new Violation(2, `the payer was told PAID, but the order is ${row?.status ?? 'gone'}`, [
      order.paymentRequestId,
      order.paymentId,
    ]);
  }

  private async ask<T>(
    what: string,
    request: (parts: ServiceParts, caller: Caller) => Promise<T>,
  ): Promise<Answered<T>> {
    const { scheduler } = this.world;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const answered = await this.askOnce(what, request);
      if (answered.kind !== 'failed') return answered;
      await scheduler.delay(scheduler.random.between(200, 3_000));
    }
    return { kind: 'failed' };
  }

  private askOnce<T>(
    what: string,
    request: (parts: ServiceParts, caller: Caller) => Promise<T>,
  ): Promise<Answered<T>> {
    const { scheduler } = this.world;
    const { customerId } = this.plan;
    return new Promise((resolve) => {
      scheduler.add({
        run: () => {
          const doors = this.world.alive('api');
          if (doors.length === 0) return resolve({ kind: 'failed' });
          const { process, parts } = scheduler.random.pick(doors);
          scheduler.tell(customerId, `${what} at ${process.name}`);
          const answer = (answered: Answered<T>): void => {
            scheduler.add({ run: () => resolve(answered) });
          };
          scheduler.add({
            atMs: scheduler.nowMs + APP_TIMEOUT_MS,
            run: () => resolve({ kind: 'failed' }),
          });
          void process
            .enter(() => request(parts, callerFor(customerId)))
            .then(
              (value) => answer({ kind: 'answer', value }),
              (error: unknown) => answer(refusalOf(error)),
            );
        },
      });
    });
  }
}

function callerFor(subject: string): Caller {
  return {
    name: 'app',
    scopes: new Set(['payments:write']),
    subject,
    origin: new Origin('simulated'),
    address: '127.0.0.1',
  };
}

function refusalOf(error: unknown): { kind: 'problem'; code: string } | { kind: 'failed' } {
  return error instanceof ProblemError ? { kind: 'problem', code: error.problem.code } : { kind: 'failed' };
}
