import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routePattern } from '../http/route-pattern.js';
import { Origin } from './origin.js';
import type { Tracing } from './tracing.js';

const origins = new WeakMap<object, Origin>();

/** What is done for this request is done because of it. */
export function originOf(request: Pick<FastifyRequest, 'id'>): Origin {
  return origins.get(request) ?? new Origin(request.id);
}

/** Asked every few seconds by machines, and nothing follows from it. */
const UNTRACED = /^\/(health\/|metrics$)/;

/** A span for each request, by the pattern of its route; addresses hold ids and what people typed. Before all other hooks. */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return;
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, headers } = request;
    const route = routePattern(request);
    if (!UNTRACED.test(route)) {
      const { traceparent } = headers;
      const attributes = { 'http.request.method': method, 'http.route': route };
      const plan = { name: `${method} ${route}`, kind: 'received', attributes } as const;
      const sent = typeof traceparent === 'string' ? traceparent : undefined;
      origins.set(request, tracing.received(request.id, sent, plan));
    }
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const origin = origins.get(request);
    origin?.note({ 'http.response.status_code': reply.statusCode });
    origin?.end(reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
    done();
  });
}
