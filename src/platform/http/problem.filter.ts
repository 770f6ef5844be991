import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventLog } from '../logging/event-log.js';
import { rememberProblemCode } from './server/access-log.js';
import { routePattern } from './route-pattern.js';
import { problemOf } from './problem-of.js';
import { PROBLEM_MEDIA_TYPE, problemBody } from './problem.js';

/** Answers whatever was thrown as a problem, and tells the log about what is our own fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: EventLog) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(thrown);
    rememberProblemCode(request, problem.code);
    // Refusing while we leave is what was asked of us, at every deploy; it is no fault and wakes nobody.
    if (problem.status >= 500 && problem.code !== 'SHUTTING_DOWN') {
      const { code, status } = problem;
      this.log.error(
        'http.failed',
        { requestId: request.id, route: routePattern(request), status, code },
        thrown,
      );
    }
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer is out. A cut connection is the only way left to tell that it is not the whole one.
      reply.raw.destroy();
      return;
    }
    void reply
      .code(problem.status)
      .headers({ ...problem.headers })
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problemBody(problem, request.id)));
  }
}
