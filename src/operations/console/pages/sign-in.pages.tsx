import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { callerOf, type Principal } from '../../../platform/auth/caller.js';
import { EventLog, type EventFields } from '../../../platform/logging/event-log.js';
import { Limits } from '../../../platform/limits/limits.js';
import { seerOf } from '../../operator.js';
import { ConsoleSettings } from '../console.settings.js';
import { formText } from '../parts/forms.js';
import { CsrfField } from '../parts/forms.js';
import { sendPage } from '../send-page.js';
import { LONGEST_SESSION_HOURS, OperatorSession } from '../session/operator-session.js';
import { nextAddress, operatorOf, SESSION_ENDS, SIGN_IN, type SessionEnd } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';
import { originOf } from '../../../platform/tracing/request-spans.js';

interface NextQuery {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

@Injectable()
export class SignInPages implements ConsolePages {
  constructor(
    private readonly sessions: OperatorSession,
    private readonly settings: ConsoleSettings,
    private readonly log: EventLog,
    private readonly limits: Limits,
  ) {}

  serve(fastify: FastifyInstance): void {
    const config = { isOpen: true };
    fastify.get<NextQuery>('/sign-in', { config }, (request, reply) => {
      const next = nextAddress(request.query['next']);
      if (operatorOf(request) !== undefined) return reply.redirect(next, 303);
      const ended = SESSION_ENDS.find((one) => one === request.query['why']);
      return this.send(request, reply, { next, ...(ended && { ended }) });
    });
    fastify.post('/sign-in', { config }, (request, reply) => this.signIn(request, reply));
    fastify.post('/sign-out', { config }, async (request, reply) => {
      this.log.event('console.signed_out', whoIs(request, operatorOf(request)));
      await this.sessions.signOut(request);
      return reply.redirect(SIGN_IN, 303);
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
      return this.send(request, reply.code(403), { next, refusal: refusalText(outcome.reason) });
    }
    // Made now, or the first page that looks again by itself would have to, and would count as a click.
    reply.generateCsrf();
    this.log.event('console.signed_in', whoIs(request, outcome.principal));
    return reply.redirect(next, 303);
  }

  private send(request: FastifyRequest, reply: FastifyReply, form: SignInProps): FastifyReply {
    const body = <SignIn {...form} idleMinutes={this.settings.idleMinutes} />;
    return sendPage(request, reply, { title: 'Sign in', body });
  }
}

function whoIs(request: FastifyRequest, operator?: Principal): EventFields {
  if (operator === undefined) return { origin: originOf(request), address: request.ip };
  return { ...seerOf(callerOf(operator, request)) };
}

function refusalText(reason: string): string {
  if (reason === 'SCOPE_MISSING')
    return 'This token is valid, but it allows neither payments:operate nor payments:approve nor payments:watch.';
  if (reason === 'TOKEN_TOO_LONG') return 'This token is too long to be kept in a cookie.';
  return 'This token is not known, or it has ended.';
}

function endText(ended: SessionEnd, idleMinutes: number): string {
  const texts: Readonly<Record<SessionEnd, string>> = {
    idle: `Your session has ended: nothing was clicked for ${idleMinutes} minutes, or the service was started anew.`,
    shift: `You were signed out, because a session lasts ${LONGEST_SESSION_HOURS} hours at most.`,
    'signed-out': 'You have signed out of this session.',
    token: 'You were signed out, because your token has ended or was taken back.',
  };
  return `${texts[ended]} After signing in you return to the page that was open.`;
}

interface SignInProps {
  readonly next: string;
  /** Why the session before is over. */
  readonly ended?: SessionEnd;
  readonly refusal?: string;
}

function SignIn({ next, ended, refusal, idleMinutes }: SignInProps & { idleMinutes: number }): JSX.Element {
  return (
    <section class="sign-in">
      <h1>Payments console</h1>
      {ended !== undefined && (
        <p class="notice" role="status">
          {endText(ended, idleMinutes)}
        </p>
      )}
      {refusal !== undefined && (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
      <form method="post" action={SIGN_IN}>
        <CsrfField />
        <input type="hidden" name="next" value={next} />
        <label for="token">Operator token</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autocomplete="current-password"
          spellcheck={false}
          aria-describedby="token-note"
          autofocus
        />
        <p id="token-note" class="note">
          A bearer token with the scope payments:operate. You are signed out after {idleMinutes} minutes
          without a click. With payments:watch, which only looks, you stay signed in.
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </section>
  );
}
