import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf, type Caller } from './caller.js';
import { principalOf } from './request-principal.js';

/** The caller of a route that is not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const principal = principalOf(request);
  // Only a route that forgot its guard gets here; guessing a caller would be worse than failing.
  if (principal === undefined) throw new Error('a public route has no principal');
  return callerOf(principal, request.id);
});
