import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLog } from '../../logging/event-log.js';
import { NO_ROUTE } from '../route-pattern.js';
import { plainProblem } from './plain-problem.js';
import { problemOf } from '../problem-of.js';

/** Answers an address the router cannot even read. No hook runs for it, so its event is written here. */
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
