import { SetMetadata, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf, type Caller, principalOf } from './caller.js';

/**
 * Who may call a route. Both decorators write under one key, so the one closest to the route decides: a public
 * controller does not open a method that asks for a scope.
 */
export type Access =
  { readonly isPublic: true } | { readonly isPublic: false; readonly scopes: readonly string[] };

export const ACCESS = 'auth:access';

const ANYONE: Access = { isPublic: true };

/** Anyone may call this route without a token, or the route has a proof of its own, such as a signature. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(ACCESS, ANYONE);

/** The caller's token must carry one of these scopes. On a method it replaces what the class asks for. */
export function RequireScope(...scopes: readonly string[]): ClassDecorator & MethodDecorator {
  const access: Access = { isPublic: false, scopes };
  return SetMetadata(ACCESS, access);
}

/** The caller of a route that is not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const principal = principalOf(request);
  // Only a route that forgot its guard gets here; guessing a caller would be worse than failing.
  if (principal === undefined) throw new Error('a public route has no principal');
  return callerOf(principal, request);
});
