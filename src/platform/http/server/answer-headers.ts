import type { FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

/** First of all hooks, so that an answer that a later one gives has these headers too. */
export function sendAnswerHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    // Answers hold personal and money matters; a route whose answer may be kept overrides this.
    reply.header('cache-control', 'no-store');
    done();
  });
}
