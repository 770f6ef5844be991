import type { FastifyInstance } from 'fastify';
import type { Ports } from '../ports.js';
import { platformProblem } from '../platform-problems.js';

interface Route {
  readonly method: string;
  readonly url: string;
  readonly config: object;
  readonly segments: readonly string[];
}

/** Answers a known address with an unknown method by 405 and `Allow`, where the router itself only knows 404. */
export function refuseWrongMethods(fastify: FastifyInstance, ports: Ports): void {
  const routes: Route[] = [];
  fastify.addHook('onRoute', ({ method, url, config = {} }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, config, segments: url.split('/') });
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) return done();
    const here = routes.filter((route) => ports.serves(route, request.raw));
    const allow = allowedMethods(here, request.url);
    if (allow.length === 0 || allow.includes(request.method)) {
      // No part of the application with hooks of its own has anything to say about a path at a port that does not have it.
      return done(ports.of(request.raw) === 'public' ? undefined : platformProblem('ROUTE_NOT_FOUND'));
    }
    done(platformProblem('METHOD_NOT_ALLOWED', { headers: { allow: allow.join(', ') } }));
  });
}

function allowedMethods(routes: readonly Route[], url: string): string[] {
  const segments = (url.split('?', 1)[0] ?? '').split('/');
  const fitting = routes.filter((route) => fits(route.segments, segments));
  return [...new Set(fitting.map((route) => route.method))].sort();
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((segment, at) => (segment.startsWith(':') ? path[at] !== '' : segment === path[at]));
}
