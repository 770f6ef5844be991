import type { FastifyRequest } from 'fastify';

/** The pattern of the route a request met, and one name for all addresses that have none. */
export function routePattern(request: FastifyRequest): string {
  return request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
}

export const NO_ROUTE = '(none)';
