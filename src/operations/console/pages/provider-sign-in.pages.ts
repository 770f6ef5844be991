import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Limits } from '../../../platform/limits/limits.js';
import { EventLog } from '../../../platform/logging/event-log.js';
import { CALLBACK, IdentityProvider, type Redeemed } from '../provider/identity-provider.js';
import { OperatorSession } from '../session/operator-session.js';
import { ATTEMPT_MINUTES, SignInAttempts } from '../session/sign-in-attempts.js';
import { goOn, nextAddress, SIGN_IN } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';
import { PROVIDER_SIGN_IN, SignInPage } from './sign-in.page.js';
import { whoIs } from './sign-in.pages.js';

interface BeginRoute {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

interface Answered {
  readonly next: string;
  readonly redeemed: Redeemed;
}

/** Only the reasons that the person may know; the log has the others. */
const REFUSALS: Readonly<Record<string, string>> = {
  NOT_BEGUN_HERE: 'This sign-in was not begun in this browser, or it was answered before. Begin again here.',
  ANSWER_REPEATED: 'This sign-in was answered before. Begin again here.',
  ATTEMPT_EXPIRED: `This sign-in took longer than ${ATTEMPT_MINUTES} minutes. Begin again here.`,
};
const NOT_PROVEN = 'The identity provider did not sign you in. Begin again here.';
const AWAY =
  'The identity provider cannot be reached at the moment. Sign in with a token, or begin again later.';
const MAY_NOT_ENTER =
  'Your account is known, but it may not use this console. Tell whoever administers it this request';

/** The sign-in by the identity provider: the way there and back. */
@Injectable()
export class ProviderSignInPages implements ConsolePages {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly attempts: SignInAttempts,
    private readonly sessions: OperatorSession,
    private readonly page: SignInPage,
    private readonly log: EventLog,
    private readonly limits: Limits,
  ) {}

  serve(fastify: FastifyInstance): void {
    if (!this.provider.isOn) return;
    // A HEAD request would use up a sign-in whose answer nobody sees.
    const options = { config: { isOpen: true }, exposeHeadRoute: false };
    fastify.get<BeginRoute>(below(PROVIDER_SIGN_IN), options, (request, reply) => this.begin(request, reply));
    fastify.get(below(CALLBACK), options, (request, reply) => this.end(request, reply));
  }

  private async begin(request: FastifyRequest<BeginRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const next = nextAddress(request.query['next']);
    // A link on another site must not sign people in without their knowing: this page asks them first.
    if (request.headers['sec-fetch-site'] === 'cross-site')
      return reply.redirect(`${SIGN_IN}?${new URLSearchParams({ next }).toString()}`, 303);
    this.limits.refuseBeyond('failed_sign_ins', request.ip);
    const attempt = this.attempts.begin(request, next);
    const address = await this.provider.signInAt(attempt, request.query['again'] === '1');
    if (address !== undefined) return reply.redirect(address.href, 303);
    return this.page.send(request, reply.code(503), { next, refusal: AWAY });
  }

  private async end(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.limits.refuseBeyond('failed_sign_ins', request.ip);
    const { next, redeemed } = await this.answered(request);
    if (redeemed.outcome === 'known') {
      const principal = await this.sessions.signInPerson(request, redeemed);
      // Made now: otherwise the first automatic refresh would make it, and that would count as a click.
      reply.generateCsrf();
      this.log.event('console.signed_in', whoIs(request, principal));
      return goOn(reply, next);
    }
    const { outcome, reason } = redeemed;
    this.log.event('console.sign_in_refused', { ...whoIs(request), reason });
    if (outcome === 'unknown') return this.page.send(request, reply.code(503), { next, refusal: AWAY });
    await this.limits.take('failed_sign_ins', request.ip);
    // The provider proved who they are, but this person may not enter.
    const asksForOther = /^(PERSON|GROUPS|ROLE)_/.test(reason);
    const refusal = asksForOther ? `${MAY_NOT_ENTER}: ${request.id}` : (REFUSALS[reason] ?? NOT_PROVEN);
    return this.page.send(request, reply.code(403), { next, refusal, asksForOther });
  }

  private async answered(request: FastifyRequest): Promise<Answered> {
    const search = searchOf(request.url);
    const [state, ...others] = new URLSearchParams(search).getAll('state');
    const found = await this.attempts.take(request, others.length === 0 ? state : undefined);
    if (found.outcome === 'refused') return { next: nextAddress(undefined), redeemed: found };
    const { attempt } = found;
    return { next: attempt.next, redeemed: await this.provider.redeem(search, attempt) };
  }
}

function below(address: string): string {
  return address.replace(/^\/console/, '');
}

function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}
