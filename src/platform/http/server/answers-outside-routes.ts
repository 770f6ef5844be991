import { problemBody, PROBLEM_MEDIA_TYPE, type Problem } from '../problem.js';
import { REQUEST_ID_HEADER } from './answer-headers.js';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { platformProblem, type PlatformProblemCode } from '../platform-problems.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLog } from '../../logging/event-log.js';
import { NO_ROUTE } from '../route-pattern.js';
import { problemOf } from '../problem-of.js';

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
export function answerBrokenConnection(error: Error & { readonly code?: string }, socket: Socket): void {
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
export function answerUnroutable(
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
