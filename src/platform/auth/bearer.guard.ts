import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { platformProblem } from '../http/platform-problems.js';
import type { ProblemError } from '../http/problem.js';
import { EventLog } from '../logging/event-log.js';
import { ACCESS, type Access } from './access.decorators.js';
import { Authentication } from './authentication.js';
import { type Principal, setPrincipal, type TokenCheck } from './caller.js';

/**
 * Stands before every route of every controller. A route is closed unless it says `@Public()` or names the scope
 * it wants: forgetting both shuts it, which shows at once, where forgetting a lock would not.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly log: EventLog,
  ) {}

  /** Answers at once where it can: what Nest has to wait for costs every request several promises. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, places);
    if (access?.isPublic === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const check = this.authentication.check(request.headers.authorization);
    if (check instanceof Promise) return check.then((known) => this.admit(known, request, access));
    return this.admit(check, request, access);
  }

  private admit(check: TokenCheck, request: FastifyRequest, access: Access | undefined): true {
    const principal = this.accepted(check, request);
    const wanted = access?.isPublic === false ? access.scopes : [];
    if (!wanted.some((scope) => principal.scopes.has(scope)))
      throw this.forbidden(principal, wanted[0], request);
    setPrincipal(request, principal);
    return true;
  }

  private accepted(check: TokenCheck, { id: requestId, ip: address, headers }: FastifyRequest): Principal {
    if (check.outcome === 'known') return check.principal;
    if (check.outcome === 'unknown') {
      // The caller may well be who it says: it must come again, not throw its token away.
      throw platformProblem('SERVICE_UNAVAILABLE', { cause: check.cause, headers: { 'retry-after': '2' } });
    }
    this.log.event('auth.refused', { requestId, address, reason: check.reason });
    const challenge = headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    throw platformProblem('UNAUTHENTICATED', { headers: { 'www-authenticate': challenge } });
  }

  private forbidden(
    { name }: Principal,
    scope: string | undefined,
    { id: requestId }: FastifyRequest,
  ): ProblemError {
    if (scope === undefined) this.log.error('auth.route_without_scope', { requestId });
    else this.log.event('auth.forbidden', { requestId, caller: name, scope });
    const wanted = scope === undefined ? '' : `, scope="${scope}"`;
    const challenge = `Bearer error="insufficient_scope"${wanted}`;
    return platformProblem('FORBIDDEN', { headers: { 'www-authenticate': challenge } });
  }
}
