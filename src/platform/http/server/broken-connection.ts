import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { plainProblem } from './plain-problem.js';
import { platformProblem, type PlatformProblemCode } from '../platform-problems.js';

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
