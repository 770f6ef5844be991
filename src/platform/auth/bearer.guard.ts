import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { platformProblem } from '../http/platform-problems.js';
import type { ProblemError } from '../http/problem.js';
import { EventLog } from '../logging/event-log.js';
import type { Standing } from '../limits/leased-limit.js';
import { limitHeaders, Limits } from '../limits/limits.js';
import { ACCESS, type Access } from './access.decorators.js';
import { Authentication } from './authentication.js';
import { type Principal, setPrincipal, type TokenCheck } from './caller.js';
import { originOf } from '../tracing/request-spans.js';

/**
 * Stands before every route of every controller. A route is closed unless it says `@Public()` or names the scope it
 * wants: a route that forgets both is closed, which is noticed at once; a forgotten lock would not be.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly log: EventLog,
    @Optional() private readonly limits?: Limits,
  ) {}

  /** Answers without a promise where it can: each promise that Nest awaits costs every request time. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, places);
    if (access?.isPublic === true) return true;
    const http = context.switchToHttp();
    const arrived = {
      request: http.getRequest<FastifyRequest>(),
      reply: http.getResponse<FastifyReply>(),
      access,
    };
    const check = this.authentication.check(arrived.request.headers.authorization);
    return check instanceof Promise
      ? check.then((known) => this.admit(known, arrived))
      : this.admit(check, arrived);
  }

  private admit(check: TokenCheck, arrived: Arrived): true | Promise<true> {
    if (check.outcome === 'refused') {
      const counted = this.limits?.take('failed_sign_ins', arrived.request.ip);
      if (counted instanceof Promise) return counted.then(() => this.let(check, arrived));
      return this.let(check, arrived);
    }
    if (check.outcome === 'unknown') return this.let(check, arrived);
    const { name, subject } = check.principal;
    const counted = [this.limits?.take('token', name), subject && this.limits?.take('customer', subject)];
    if (!counted.some((standing) => standing instanceof Promise)) {
      tellStanding(arrived.reply, counted[0]);
      return this.let(check, arrived);
    }
    return Promise.all(counted.map((one) => Promise.resolve(one))).then(([standing]) => {
      tellStanding(arrived.reply, standing);
      return this.let(check, arrived);
    });
  }

  private let(check: TokenCheck, { request, access }: Arrived): true {
    const principal = this.accepted(check, request);
    const wanted = access?.isPublic === false ? access.scopes : [];
    if (!wanted.some((scope) => principal.scopes.has(scope)))
      throw this.forbidden(principal, wanted[0], request);
    setPrincipal(request, principal);
    return true;
  }

  private accepted(check: TokenCheck, request: FastifyRequest): Principal {
    if (check.outcome === 'known') return check.principal;
    if (check.outcome === 'unknown') {
      // The token may be good: the caller must try again, not throw it away.
      throw platformProblem('SERVICE_UNAVAILABLE', { cause: check.cause, headers: { 'retry-after': '2' } });
    }
    this.log.event('auth.refused', { origin: originOf(request), address: request.ip, reason: check.reason });
    const challenge = request.headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    throw platformProblem('UNAUTHENTICATED', { headers: { 'www-authenticate': challenge } });
  }

  private forbidden({ name }: Principal, scope: string | undefined, request: FastifyRequest): ProblemError {
    const [origin, address] = [originOf(request), request.ip];
    if (scope === undefined) this.log.error('auth.route_without_scope', { origin });
    else this.log.event('auth.forbidden', { origin, address, caller: name, scope });
    const wanted = scope === undefined ? '' : `, scope="${scope}"`;
    const challenge = `Bearer error="insufficient_scope"${wanted}`;
    return platformProblem('FORBIDDEN', { headers: { 'www-authenticate': challenge } });
  }
}

interface Arrived {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly access: Access | undefined;
}

function tellStanding(reply: FastifyReply, standing: unknown): void {
  if (typeof standing === 'object' && standing !== null)
    reply.headers(limitHeaders('token', standing as Standing)); // what `take` gives
}
