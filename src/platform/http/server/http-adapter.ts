import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerBrokenConnection, answerUnroutable } from './answers-outside-routes.js';
import type { EventLog } from '../../logging/event-log.js';
import type { HttpSettings } from '../http.settings.js';
import { REQUEST_ID_HEADER, requestIdFrom } from './answer-headers.js';

/** Time for a whole request to arrive; ends clients that drip their bytes. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The longest silence on a socket; longer than any long poll. */
const SILENCE_MS = 45_000;

function noSchemas(): never {
  throw new Error('a route brought a schema of its own; requests are checked by their classes');
}

/** A Fastify that knows our limits and times. It logs nothing of its own; the access log is an event of ours. */
export function createHttpAdapter(
  settings: Pick<HttpSettings, 'bodyLimitBytes' | 'trustProxy' | 'keepAliveMs'>,
  log: EventLog,
): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    bodyLimit: settings.bodyLimitBytes,
    trustProxy: settings.trustProxy ?? false,
    keepAliveTimeout: settings.keepAliveMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: settings.keepAliveMs + SILENCE_MS,
    // Fastify's own 503 is not a problem document; `refuseWhileDraining` answers instead.
    return503OnClosing: false,
    // Else it loads a schema compiler, ninety files, although none of our routes has a schema.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    rewriteUrl: (request: IncomingMessage) => originForm(request.url ?? '/'),
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => requestIdFrom(request.headers[REQUEST_ID_HEADER]),
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      answerUnroutable(error, request, reply, log),
  });
}

/** A server with the times and answers of the adapter's own, for an application that listens at a second address. */
export function createServerWithLimits(
  { keepAliveMs }: Pick<HttpSettings, 'keepAliveMs'>,
  answer: RequestListener,
): Server {
  const times = { keepAliveTimeout: keepAliveMs, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = createServer(times, answer);
  server.setTimeout(keepAliveMs + SILENCE_MS);
  return server.on('clientError', answerBrokenConnection);
}

/**
 * The path and query of a request target. A client may name the whole address (`POST http://host/path`), as for a proxy,
 * and a server has to take both for the same (RFC 9112, section 3.2.2).
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (absolute === undefined) return target;
  return absolute.startsWith('/') ? absolute : `/${absolute}`;
}
