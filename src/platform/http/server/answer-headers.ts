import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Letters, digits and the marks ids are made of. Nothing that could break a log line, a header or a page. */
const SANE = /^[\w.:@/+=-]{1,64}$/;

/** The caller's own request id when it is well formed, so that all systems use one id; else a new one. */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && SANE.test(header) ? header : randomUUID();
}

/** First of all hooks, so that an answer that a later one gives has these headers too. */
export function sendAnswerHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    // Answers hold personal and money matters; a route whose answer may be kept overrides this.
    reply.header('cache-control', 'no-store');
    done();
  });
}

/** Headers of every answer, errors included. Pages we serve load scripts and styles from here only. */
export function sendSecurityHeaders(app: NestFastifyApplication): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'frame-ancestors': ["'none'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'object-src': ["'none'"],
      },
      useDefaults: false,
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Only the proxy in front knows whether this is served over TLS, so it sets that header.
    strictTransportSecurity: false,
  });
}
