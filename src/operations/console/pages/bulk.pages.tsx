import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PaymentId } from '../../../payment-order/order/ids.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { ActsService } from '../../acts/acts.service.js';
import { actTitle } from '../../acts/operator-acts.js';
import { BULK_ACTS, BulkPage, MOST_AT_ONCE, type BulkAct, type BulkLine } from '../parts/bulk.js';
import { isReason } from '../../reason.js';
import { RedeliveryService } from '../../redelivery/redelivery.service.js';
import { formText, formTexts } from '../parts/forms.js';
import { sendPage } from '../send-page.js';
import { nextAddress, signedInOperator } from '../session/sign-in-gate.js';
import { isUuid, type ConsolePages } from './console-pages.js';

interface BulkRoute {
  Querystring: { readonly list?: string };
}

/** One act on the payments marked in a list: first the effect on each, then, with a reason, the act itself. */
@Injectable()
export class BulkPages implements ConsolePages {
  constructor(
    private readonly acts: ActsService,
    private readonly redeliveries: RedeliveryService,
  ) {}

  serve(fastify: FastifyInstance): void {
    // A GET comes from a new sign-in or a reload. It leads back to the list, because the marks are not kept.
    fastify.get<BulkRoute>('/bulk', (request, reply) => reply.redirect(listOf(request), 303));
    fastify.post<BulkRoute>('/bulk', { config: { isForOperators: true } }, (request, reply) =>
      this.run(request, reply),
    );
  }

  /** The payments one after the other, each by the same rules and with the same record as a single act. */
  private async run(request: FastifyRequest<BulkRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const act = BULK_ACTS.find((one) => one === formText(request, 'act'));
    const paymentIds = [...new Set(formTexts(request, 'paymentId'))];
    if (act === undefined || !paymentIds.every(isUuid)) throw platformProblem('BAD_REQUEST');
    const chosen = paymentIds.slice(0, MOST_AT_ONCE);
    const reason = formText(request, 'reason').trim();
    const isConfirmed = formText(request, 'step') === 'do';
    const isFaulty = isConfirmed && !isReason(reason);
    const isDone = isConfirmed && !isFaulty;
    if (isDone && act === 'redeliver' && this.redeliveries.needsApproval(chosen.length)) {
      await this.redeliveries.propose(signedInOperator(request), chosen, reason);
      return reply.redirect('/console/approvals', 303);
    }
    const lines: BulkLine[] = [];
    for (const paymentId of chosen) lines.push(await this.lineOf(request, paymentId, act, reason, !isDone));
    return sendPage(request, reply.code(isFaulty ? 400 : 200), {
      title: `${actTitle(act)}, ${chosen.length} payments`,
      section: 'payments',
      body: (
        <BulkPage
          {...{ list: listOf(request), act, lines, isDone, isFaulty }}
          leftOut={paymentIds.length - chosen.length}
        />
      ),
    });
  }

  private async lineOf(
    request: FastifyRequest,
    paymentId: PaymentId,
    act: BulkAct,
    reason: string,
    dryRun: boolean,
  ): Promise<BulkLine> {
    try {
      const { report, approval } = await this.acts.carryOut(signedInOperator(request), paymentId, {
        act,
        reason,
        dryRun,
      });
      const isProposed = approval !== undefined;
      const isPossible = dryRun || isProposed ? report.cause === undefined : report.changed;
      const text = report.why ?? report.effect ?? '';
      const state = report.before.status;
      return { paymentId, isPossible, text: isProposed ? `Waits for approval. ${text}` : text, state };
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : undefined;
      if (problem === undefined || problem.status >= 500) throw error;
      return { paymentId, isPossible: false, text: problem.detail ?? problem.title };
    }
  }
}

function listOf({ query: { list } }: FastifyRequest<BulkRoute>): string {
  return list === undefined ? '/console/payments' : nextAddress(list);
}
