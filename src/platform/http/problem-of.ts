import { HttpException } from '@nestjs/common';
import { PlatformError } from './platform-error.js';
import { platformProblem, type PlatformProblemCode } from './platform-problems.js';
import { ProblemError, type Problem } from './problem.js';
import { saysUnreachable } from '../logging/unreachable.js';

/** Long enough for a failover to pass, short enough for a person who waits. */
const RETRY_AFTER_SECONDS = '2';

/** What a status thrown by the framework means in our words; its own texts may quote the request or our inside. */
const CODE_OF_STATUS: Readonly<Record<number, PlatformProblemCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'ROUTE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  503: 'SERVICE_UNAVAILABLE',
};

/** The one table from anything that was thrown to the client's answer. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  if (thrown instanceof PlatformError) return thrown.retry === 'later' ? unavailable() : internal();
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const code = status === undefined ? undefined : CODE_OF_STATUS[status];
  if (code === 'SERVICE_UNAVAILABLE') return unavailable();
  if (code !== undefined) return platformProblem(code).problem;
  if (status !== undefined && status >= 400 && status < 500) return platformProblem('BAD_REQUEST').problem;
  return saysUnreachable(thrown) ? unavailable() : internal();
}

function unavailable(): Problem {
  return platformProblem('SERVICE_UNAVAILABLE', { headers: { 'retry-after': RETRY_AFTER_SECONDS } }).problem;
}

function internal(): Problem {
  return platformProblem('INTERNAL_ERROR').problem;
}

/** Only a `statusCode` of the HTTP server's own errors counts: an upstream's is not an answer to our client. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code: unknown = Reflect.get(thrown, 'code');
  const status: unknown = Reflect.get(thrown, 'statusCode');
  const isOfServer = typeof code === 'string' && code.startsWith('FST_ERR_');
  return isOfServer && typeof status === 'number' ? status : undefined;
}
