import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { isTerminal } from '../../../payment-order/order/payment-status.js';
import type { ExplanationDto } from '../../explain/explanation.dto.js';
import { ExplainService } from '../../explain/explain.service.js';
import { currentDebit, type PaymentSnapshot } from '../../snapshot/payment-snapshot.js';
import { PaymentViewService } from '../../view/payment-view.service.js';
import type { PaymentLook } from '../../view/payment.view.js';
import { NOT_AUDITED } from '../../view/timeline.view.js';
import { ActOutcome, takeOutcome } from '../parts/act-outcome.js';
import { WaitingApprovals } from '../parts/approval-list.js';
import { ExplanationPanel } from '../parts/explanation.js';
import { LooksAgain } from '../parts/looks-again.js';
import { Notes } from '../parts/notes.js';
import { PaymentFacts } from '../parts/payment-facts.js';
import { PaymentHead, paymentTitle } from '../parts/payment-head.js';
import { Timeline } from '../parts/timeline.js';
import { sendPage } from '../send-page.js';
import { isLookingAgain, signedInOperator } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';
import { paymentIdOf, type PaymentRoute } from './console-pages.js';

/** Seconds between two refreshes: while the service is working, and while only another person can change something. */
const SOON_SECONDS = 3;
const LATER_SECONDS = 15;

@Injectable()
export class PaymentPages implements ConsolePages {
  constructor(
    private readonly views: PaymentViewService,
    private readonly explanations: ExplainService,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get<PaymentRoute>('/payments/:paymentId', (request, reply) => this.show(request, reply));
  }

  private async show(request: FastifyRequest<PaymentRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    const look = await this.views.look(signedInOperator(request), paymentId, isLookingAgain(request));
    const explanation = this.explanations.explainRead(look.snapshot);
    const outcome = takeOutcome(request, paymentId);
    return sendPage(request, reply, {
      title: paymentTitle(look.snapshot),
      section: 'payments',
      body: (
        <>
          {outcome !== undefined && <ActOutcome {...outcome} />}
          <Payment look={look} explanation={explanation} />
        </>
      ),
    });
  }
}

function Payment({ look, explanation }: { look: PaymentLook; explanation: ExplanationDto }): JSX.Element {
  const { snapshot, approvals, notes, timeline, timelineStartsLate } = look;
  return (
    <LooksAgain id="payment" everySeconds={looksAgainAfter(snapshot)}>
      <PaymentHead snapshot={snapshot} />
      <div class="columns">
        <div>
          <WaitingApprovals approvals={approvals} />
          <ExplanationPanel explanation={explanation} />
          <Notes paymentId={snapshot.order.paymentId} notes={notes} noteId={randomUUID()} />
          <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">Timeline</h2>
            {timelineStartsLate && <p class="note">Only the newest events are shown.</p>}
            <WhyWithheld timeline={timeline} />
            <Timeline events={timeline} />
          </section>
        </div>
        <PaymentFacts snapshot={snapshot} />
      </div>
    </LooksAgain>
  );
}

function WhyWithheld({ timeline }: Pick<PaymentLook, 'timeline'>): JSX.Element | undefined {
  const withheld = timeline.find(({ messages }) => messages?.withheld !== undefined)?.messages?.withheld;
  if (withheld === undefined) return undefined;
  return (
    <p class="note">
      {withheld === NOT_AUDITED
        ? 'What was sent and received is not shown: the log takes no lines at the moment, and nobody sees it unseen.'
        : 'What was sent and received is shown to those whose token allows payments:raw.'}
    </p>
  );
}

function looksAgainAfter(snapshot: PaymentSnapshot): number {
  const { order, notification } = snapshot;
  const isMoving =
    order.status === 'DEBITING' ||
    currentDebit(snapshot)?.status === 'REVERSING' ||
    notification?.status === 'PENDING';
  return isMoving || !isTerminal(order.status) ? SOON_SECONDS : LATER_SECONDS;
}
