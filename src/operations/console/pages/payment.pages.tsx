import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { displayMoney } from '../../../payment-order/money.js';
import { isTerminal } from '../../../payment-order/payment-status.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { currentDebit, type PaymentSnapshot } from '../../snapshot/payment-snapshot.js';
import { PaymentViewService, type PaymentLook } from '../../view/payment-view.service.js';
import { LooksAgain } from '../parts/looks-again.js';
import { PaymentFacts } from '../parts/payment-facts.js';
import { State } from '../parts/state.js';
import { Timeline } from '../parts/timeline.js';
import { sendPage } from '../send-page.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';

export interface PaymentRoute {
  readonly Params: { readonly paymentId: string };
}

@Injectable()
export class PaymentPages implements ConsolePages {
  constructor(private readonly views: PaymentViewService) {}

  serve(fastify: FastifyInstance): void {
    fastify.get<PaymentRoute>('/payments/:paymentId', (request, reply) => this.show(request, reply));
  }

  private async show(request: FastifyRequest<PaymentRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    const look = await this.views.look(signedInOperator(request), paymentId);
    const body = <Payment {...look} />;
    return sendPage(request, reply, { title: titleOf(look.snapshot), section: 'payments', body });
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function paymentIdOf(request: FastifyRequest<PaymentRoute>): string {
  const { paymentId } = request.params;
  if (UUID.test(paymentId)) return paymentId.toLowerCase();
  throw platformProblem('ROUTE_NOT_FOUND');
}

export function titleOf({ order }: PaymentSnapshot): string {
  const { merchant } = order.content;
  const amount = order.payAmount === undefined ? 'No amount' : displayMoney(order.payAmount);
  const name = merchant?.merchantDisplayName ?? merchant?.merchantName;
  return name === undefined ? amount : `${amount} to ${name}`;
}

/** While something is still to happen by itself, the page looks again. */
function isMoving(snapshot: PaymentSnapshot): boolean {
  const isSettling = !isTerminal(snapshot.order.status) || currentDebit(snapshot)?.status === 'REVERSING';
  return isSettling || snapshot.notification?.status === 'PENDING';
}

function Payment({ snapshot, timeline, timelineStartsLate }: PaymentLook): JSX.Element {
  return (
    <LooksAgain id="payment" everySeconds={isMoving(snapshot) ? 3 : undefined}>
      <PaymentHead snapshot={snapshot} />
      <div class="columns">
        <div>
          <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">Timeline</h2>
            {timelineStartsLate && <p class="note">Only the newest events are shown.</p>}
            <Timeline events={timeline} />
          </section>
        </div>
        <PaymentFacts snapshot={snapshot} />
      </div>
    </LooksAgain>
  );
}

export function PaymentHead({ snapshot }: { snapshot: PaymentSnapshot }): JSX.Element {
  const debit = currentDebit(snapshot);
  const { order, notification } = snapshot;
  return (
    <div class="head">
      <h1>{titleOf(snapshot)}</h1>
      <State of={order.status} label="Order" />
      {debit !== undefined && <State of={debit.status} label="Debit" />}
      {notification !== undefined && <State of={notification.status} label="Result" />}
    </div>
  );
}
