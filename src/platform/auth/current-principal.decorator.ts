import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from './request-principal.js';
import type { Principal } from './principal.js';

/** The caller of a route that is not public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
  // Only a route that forgot its guard gets here; guessing a caller would be worse than failing.
  if (principal === undefined) throw new Error('a public route has no principal');
  return principal;
});
