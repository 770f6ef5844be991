import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routePattern } from '../http/route-pattern.js';
import { Origin } from './origin.js';
import type { Tracing } from './tracing.js';

/** On the request itself: a weak map of requests costs the garbage collector more than all the rest of a trace. */
const ORIGIN = Symbol('origin');

type Traced = Pick<FastifyRequest, 'id'> & { [ORIGIN]?: Origin | null };

/** What is done for this request is done because of it. */
export function originOf(request: Traced): Origin {
  return (request[ORIGIN] ??= new Origin(request.id));
}

/** Asked every few seconds by machines, and nothing follows from it. */
const UNTRACED = /^\/(health\/|metrics$)/;

/** A span for each request, by the pattern of its route; addresses hold ids and what people typed. Before all other hooks. */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  fastify.decorateRequest(ORIGIN, null);
  if (!tracing.isOn) return;
  fastify.addHook('onRequest', (request: FastifyRequest & Traced, _reply, done) => {
    const { method, headers } = request;
    const route = routePattern(request);
    if (!UNTRACED.test(route)) {
      const { traceparent } = headers;
      const attributes = { 'http.request.method': method, 'http.route': route };
      const plan = { name: `${method} ${route}`, kind: 'received', attributes } as const;
      const sent = typeof traceparent === 'string' ? traceparent : undefined;
      request[ORIGIN] = tracing.received(request.id, sent, plan);
    }
    done();
  });
  fastify.addHook('onResponse', (request: FastifyRequest & Traced, reply, done) => {
    const origin = request[ORIGIN];
    origin?.note({ 'http.response.status_code': reply.statusCode });
    origin?.end(reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
    done();
  });
}
