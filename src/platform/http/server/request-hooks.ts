import type { FastifyInstance } from 'fastify';
import { withRequestId } from '../../logging/request-scope.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** First of all hooks: everything after it runs inside the request's scope and can log under its id. */
export function openRequestScopes(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    // Answers hold personal and money matters; a route whose answer may be kept overrides this.
    reply.header('cache-control', 'no-store');
    withRequestId(request.id, done);
  });
}
