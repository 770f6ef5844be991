import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routePattern } from '../route-pattern.js';
import type { EventLog } from '../../logging/event-log.js';
import { originOf } from '../../tracing/request-spans.js';

const problemCodes = new WeakMap<FastifyRequest, string>();

/** Notes the code a request was refused with, so that its line in the access log carries it. */
export function rememberProblemCode(request: FastifyRequest, code: string): void {
  problemCodes.set(request, code);
}

/** Polled every few seconds by machines; at info level they would bury everything else. */
const QUIET_ROUTES = /^\/(health\/|metrics$)/;

/** One event per answer. The route is the pattern, never the address itself: addresses hold ids and what people typed. */
export function writeAccessLog(fastify: FastifyInstance, log: EventLog): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routePattern(request);
    const fields = {
      origin: originOf(request),
      method: request.method,
      route,
      status: reply.statusCode,
      code: problemCodes.get(request),
      ms: Math.round(reply.elapsedTime),
    };
    if (QUIET_ROUTES.test(route)) log.debug('http.answered', fields);
    else log.event('http.answered', fields);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    log.event('http.aborted', {
      origin: originOf(request),
      method: request.method,
      route: routePattern(request),
    });
    done();
  });
}
