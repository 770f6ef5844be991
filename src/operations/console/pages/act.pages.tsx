import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { isOperatorAct, type OperatorAct } from '../../../payment-order/operator/operator-action.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { ProblemError } from '../../../platform/http/problem.js';
import type { ActVerdict } from '../../acts/act-verdict.js';
import { ActsService } from '../../acts/acts.service.js';
import { actTitle } from '../../acts/operator-acts.js';
import { Proposals } from '../../approvals/proposals.js';
import { PaymentSnapshots } from '../../snapshot/payment-snapshots.js';
import type { PaymentSnapshot } from '../../snapshot/payment-snapshot.js';
import { refuse } from '../../operations.problems.js';
import { formText } from '../parts/forms.js';
import { keepOutcome } from '../parts/act-outcome.js';
import { actAddress } from '../parts/act-words.js';
import { isReason } from '../../reason.js';
import { Why } from '../parts/act-reason.js';
import { CsrfField } from '../parts/forms.js';
import { PaymentHead } from '../parts/payment-head.js';
import { sendPage } from '../send-page.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';
import { paymentIdOf, type PaymentRoute } from './console-pages.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

interface ActRoute {
  readonly Params: PaymentRoute['Params'] & { readonly act: string };
}

type ActRequest = FastifyRequest<ActRoute>;

/**
 * The page of an act says what it will do and asks for a reason; afterwards the page of the payment shows the outcome.
 */
@Injectable()
export class ActPages implements ConsolePages {
  constructor(
    private readonly acts: ActsService,
    private readonly snapshots: PaymentSnapshots,
    private readonly proposals: Proposals,
  ) {}

  serve(fastify: FastifyInstance): void {
    const [path, config] = ['/payments/:paymentId/acts/:act', { isForOperators: true }];
    fastify.get<ActRoute>(path, { config }, (request, reply) => this.ask(request, reply));
    fastify.post<ActRoute>(path, { config }, (request, reply) => this.perform(request, reply));
  }

  private async ask(request: ActRequest, reply: FastifyReply, isFaulty = false): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    const act = actOf(request);
    const snapshot = await this.snapshots.find(paymentId);
    if (snapshot === undefined) throw refuse('NOT_FOUND');
    return sendPage(request, reply, {
      title: actTitle(act),
      section: 'payments',
      body: (
        <Ask
          snapshot={snapshot}
          act={act}
          verdict={this.acts.judge(act, snapshot)}
          needsApproval={this.proposals.isNeeded(act)}
          isFaulty={isFaulty}
        />
      ),
    });
  }

  private async perform(request: ActRequest, reply: FastifyReply): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    const act = actOf(request);
    const reason = formText(request, 'reason').trim();
    if (!isReason(reason)) return this.ask(request, reply.code(400), true);
    keepOutcome(request, { paymentId, act, ...(await this.outcomeOf(request, paymentId, act, reason)) });
    return reply.redirect(`/console/payments/${paymentId}`, 303);
  }

  /** A refusal is shown as an outcome: the payment may have moved while the form was open. */
  private async outcomeOf(
    request: ActRequest,
    paymentId: PaymentId,
    act: OperatorAct,
    reason: string,
  ): Promise<{ changed: boolean; isProposed?: boolean; text: string }> {
    try {
      const wish = { act, reason, dryRun: false };
      const { report, approval } = await this.acts.perform(signedInOperator(request), paymentId, wish);
      if (approval) return { changed: false, isProposed: true, text: report.effect ?? '' };
      return { changed: report.changed, text: report.why ?? report.effect ?? '' };
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 409) {
        return { changed: false, text: error.problem.detail ?? error.problem.title };
      }
      throw error;
    }
  }
}

function actOf({ params }: ActRequest): OperatorAct {
  if (isOperatorAct(params.act)) return params.act;
  throw platformProblem('ROUTE_NOT_FOUND');
}

interface AskProps {
  readonly snapshot: PaymentSnapshot;
  readonly act: OperatorAct;
  readonly verdict: ActVerdict;
  readonly needsApproval: boolean;
  readonly isFaulty: boolean;
}

function Ask({ snapshot, act, verdict, needsApproval, isFaulty }: AskProps): JSX.Element {
  const { paymentId } = snapshot.order;
  return (
    <section class="narrow">
      <p>
        <a href={`/console/payments/${paymentId}`}>← The payment</a>
      </p>
      <PaymentHead snapshot={snapshot} />
      <div class="panel">
        <h2>{actTitle(act)}</h2>
        {verdict.verdict === 'possible' ? (
          <form method="post" action={actAddress(paymentId, act)} class="stack">
            <CsrfField />
            <p>{verdict.effect}</p>
            <Why isFaulty={isFaulty} />
            {needsApproval && <p class="notice">Nothing is done yet: a second person has to approve it.</p>}
            <button type="submit" class="primary">
              {needsApproval ? `Propose: ${actTitle(act)}` : actTitle(act)}
            </button>
          </form>
        ) : (
          <p class="notice warn">{verdict.why}</p>
        )}
      </div>
    </section>
  );
}
