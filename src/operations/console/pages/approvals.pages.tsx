import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { approvalView } from '../../approvals/approval.dto.js';
import { ApprovalsService, type Decision } from '../../approvals/approvals.service.js';
import { isReason, LONGEST_REASON } from '../../reason.js';
import { Approvals } from '../parts/approval-list.js';
import { formText } from '../parts/forms.js';
import { sendPage } from '../send-page.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import { isUuid, type ConsolePages } from './console-pages.js';

interface DecisionRoute {
  readonly Params: { readonly approvalId: string; readonly decision: string };
}

const DECISIONS: Readonly<Record<string, Decision>> = { approve: 'APPROVED', reject: 'REJECTED' };

/** The list of proposals, where a second person decides. */
@Injectable()
export class ApprovalsPages implements ConsolePages {
  constructor(private readonly approvals: ApprovalsService) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/approvals', (request, reply) => this.show(request, reply));
    const config = { isForApprovers: true };
    fastify.post<DecisionRoute>('/approvals/:approvalId/:decision', { config }, (request, reply) =>
      this.decide(request, reply),
    );
  }

  private async show(request: FastifyRequest, reply: FastifyReply, fault?: string): Promise<FastifyReply> {
    const approvals = (await this.approvals.list({ onlyOpen: false })).map(approvalView);
    return sendPage(request, reply, {
      title: 'Waiting for approval',
      section: 'approvals',
      body: <Approvals approvals={approvals} fault={fault} />,
    });
  }

  private async decide(request: FastifyRequest<DecisionRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { approvalId, decision: word } = request.params;
    const decision = Object.hasOwn(DECISIONS, word) ? DECISIONS[word] : undefined;
    if (decision === undefined || !isUuid(approvalId)) throw platformProblem('ROUTE_NOT_FOUND');
    const reason = formText(request, 'reason').trim();
    if (!isReason(reason))
      return this.show(request, reply.code(400), `Say why, in at most ${LONGEST_REASON} characters.`);
    try {
      await this.approvals.decide(signedInOperator(request), approvalId, decision, reason);
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : undefined;
      if (problem === undefined || problem.status >= 500) throw error;
      return this.show(request, reply.code(problem.status), problem.detail ?? problem.title);
    }
    return reply.redirect(`/console/approvals#approval-${approvalId}`, 303);
  }
}
