import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Kept beside the request, not on it, so that no other code can put itself in the caller's place by a property. */
export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

export function principalOf(request: FastifyRequest): Principal | undefined {
  return principals.get(request);
}
