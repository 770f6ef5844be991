import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { callerOf, type Principal } from '../../../platform/auth/caller.js';
import { EventLog, type EventFields } from '../../../platform/logging/event-log.js';
import { Limits } from '../../../platform/limits/limits.js';
import { originOf } from '../../../platform/tracing/request-spans.js';
import { seerOf } from '../../operator.js';
import { formText } from '../parts/forms.js';
import { IdentityProvider } from '../provider/identity-provider.js';
import { OperatorSession } from '../session/operator-session.js';
import { goOn, nextAddress, operatorOf, SESSION_ENDS, SIGN_IN } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';
import { SignInPage } from './sign-in.page.js';

interface NextQuery {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

@Injectable()
export class SignInPages implements ConsolePages {
  constructor(
    private readonly sessions: OperatorSession,
    private readonly page: SignInPage,
    private readonly provider: IdentityProvider,
    private readonly log: EventLog,
    private readonly limits: Limits,
  ) {}

  serve(fastify: FastifyInstance): void {
    const config = { isOpen: true };
    fastify.get<NextQuery>('/sign-in', { config }, (request, reply) => {
      const next = nextAddress(request.query['next']);
      if (operatorOf(request) !== undefined) return reply.redirect(next, 303);
      const ended = SESSION_ENDS.find((one) => one === request.query['why']);
      const isUnkept = request.query['unkept'] === '1';
      return this.page.send(request, reply, { next, isUnkept, ...(ended && { ended }) });
    });
    fastify.post('/sign-in', { config }, (request, reply) => this.signIn(request, reply));
    fastify.post('/sign-out', { config }, async (request, reply) => {
      this.log.event('console.signed_out', whoIs(request, operatorOf(request)));
      const { isOfProvider, idToken } = await this.sessions.signOut(request);
      const goOnTo = isOfProvider ? await this.provider.signOutAt(idToken) : undefined;
      return goOnTo === undefined ? reply.redirect(SIGN_IN, 303) : goOn(reply, goOnTo.href);
    });
  }

  private async signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const next = nextAddress(formText(request, 'next'));
    this.limits.refuseBeyond('failed_sign_ins', request.ip);
    const outcome = await this.sessions.signIn(request, formText(request, 'token').trim());
    if (outcome.outcome === 'unknown') throw platformProblem('SERVICE_UNAVAILABLE', { cause: outcome.cause });
    if (outcome.outcome === 'refused') {
      await this.limits.take('failed_sign_ins', request.ip);
      this.log.event('console.sign_in_refused', { ...whoIs(request), reason: outcome.reason });
      return this.page.send(request, reply.code(403), { next, refusal: refusalText(outcome.reason) });
    }
    // Made now: otherwise the first automatic refresh would make it, and that would count as a click.
    reply.generateCsrf();
    this.log.event('console.signed_in', whoIs(request, outcome.principal));
    return reply.redirect(next, 303);
  }
}

/** Who signs in, as fields of a log event. */
export function whoIs(request: FastifyRequest, operator?: Principal): EventFields {
  if (operator === undefined) return { origin: originOf(request), address: request.ip };
  return { ...seerOf(callerOf(operator, request)) };
}

function refusalText(reason: string): string {
  if (reason === 'SCOPE_MISSING')
    return 'This token is valid, but it allows neither payments:operate nor payments:approve nor payments:watch.';
  if (reason === 'TOKEN_TOO_LONG') return 'This token is too long to be kept in a cookie.';
  return 'This token is not known, or it has ended.';
}
