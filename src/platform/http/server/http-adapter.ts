import { randomUUID } from 'node:crypto';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLog } from '../../logging/event-log.js';
import type { HttpSettings } from '../http.settings.js';
import { BOUNDED } from './bounded-connections.js';
import { REQUEST_ID_HEADER, requestIdFrom } from './answer-headers.js';
import { platformProblem, type PlatformProblemCode } from '../platform-problems.js';
import { problemBody, PROBLEM_MEDIA_TYPE, type Problem } from '../problem.js';
import { problemOf } from '../problem-of.js';
import { NO_ROUTE } from '../route-pattern.js';

/** Time for a whole request to arrive; ends clients that drip their bytes. */
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * Connections that wait to be accepted, as many as Linux allows (`net.core.somaxconn`). Beyond Node's 511 the system
 * drops them without our knowing, and whoever comes with a burst of others waits for many seconds.
 */
export const BACKLOG = 4_096;
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
    http: BOUNDED,
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

/** A server with the times and answers of the adapter's own, for an application that listens at more addresses than one. */
export function createServerWithLimits(
  { keepAliveMs }: Pick<HttpSettings, 'keepAliveMs'>,
  answer: RequestListener,
): Server {
  const times = { keepAliveTimeout: keepAliveMs, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = createServer({ ...BOUNDED, ...times }, answer);
  server.setTimeout(keepAliveMs + SILENCE_MS);
  return server.on('clientError', answerBrokenConnection);
}

/**
 * The path and query of a request target. A client may name the whole address (`POST http://host/path`), as for a proxy,
 * and a server has to take both for the same (RFC 9112, section 3.2.2).
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return shortened(target);
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (absolute === undefined) return target;
  return shortened(absolute.startsWith('/') ? absolute : `/${absolute}`);
}

/** Longer than the path of any route with its ids, some times over. */
const MOST_PATH = 2_048;

/**
 * Without the end of a path that is too long for any route: the router copies a path once for each `%25` in it, which
 * took it a tenth of a second and more for one of 15,000 characters.
 */
function shortened(target: string): string {
  if (target.length <= MOST_PATH) return target;
  const query = target.indexOf('?');
  const end = query === -1 ? target.length : query;
  return end <= MOST_PATH ? target : target.slice(0, MOST_PATH) + target.slice(end);
}

interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A whole answer for what the router or the connection itself refuses, where no hook or filter runs. */
function plainProblem(problem: Problem, requestId: string): PlainAnswer {
  return {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      [REQUEST_ID_HEADER]: requestId,
      ...problem.headers,
    },
    body: JSON.stringify(problemBody(problem, { requestId })),
  };
}

/** Answers bytes that never became a request: no HTTP, headers too large, too slow to arrive. */
function answerBrokenConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) socket.write(answerTo(error.code));
  socket.destroy();
}

function answerTo(code: string | undefined): string {
  const { status, headers, body } = plainProblem(platformProblem(problemCode(code)).problem, randomUUID());
  const head = Object.entries({
    ...headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`;
}

function problemCode(code: string | undefined): PlatformProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT';
  return 'BAD_REQUEST';
}

/** Answers an address that the router cannot read. No hook runs for it, so its event is written here. */
function answerUnroutable(
  error: Error,
  request: Pick<FastifyRequest, 'id' | 'method'>,
  reply: Pick<FastifyReply, 'raw'>,
  log: EventLog,
): void {
  const problem = problemOf(error);
  const { status, headers, body } = plainProblem(problem, request.id);
  reply.raw.writeHead(status, headers).end(body);
  const { code } = problem;
  log.event('http.answered', {
    requestId: request.id,
    method: request.method,
    route: NO_ROUTE,
    status,
    code,
  });
}
