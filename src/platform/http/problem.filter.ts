import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DoorProblems, type DoorAnswer } from './door-problems.js';
import { EventLog } from '../logging/event-log.js';
import { rememberProblemCode } from './server/access-log.js';
import { routePattern } from './route-pattern.js';
import { problemOf } from './problem-of.js';
import { PROBLEM_MEDIA_TYPE, problemBody, type Problem } from './problem.js';
import { originOf } from '../tracing/request-spans.js';

/** Answers whatever was thrown as a problem, and logs what is our own fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: EventLog,
    private readonly doors: DoorProblems,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(thrown);
    rememberProblemCode(request, problem.code);
    this.tell(problem, request, thrown);
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer is sent already. Only a cut connection can still show that it is incomplete.
      reply.raw.destroy();
      return;
    }
    const answer = await this.inWordsOfItsDoor(problem, request);
    if (answer) return void reply.code(answer.status).headers(answer.headers).send(answer.body);
    void reply
      .code(problem.status)
      .headers({ ...problem.headers })
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problemBody(problem, originOf(request))));
  }

  private async inWordsOfItsDoor(problem: Problem, request: FastifyRequest): Promise<DoorAnswer | undefined> {
    try {
      return await this.doors.at(request)?.(problem, request);
    } catch (error) {
      this.log.error('http.door_failed', { origin: originOf(request), route: routePattern(request) }, error);
      return undefined;
    }
  }

  /** A refusal while we stop or are overloaded is not a fault; the access log has its line. */
  private tell({ code, status }: Problem, request: FastifyRequest, thrown: unknown): void {
    if (status < 500 || code === 'SHUTTING_DOWN' || code === 'OVERLOADED') return;
    const route = routePattern(request);
    this.log.error('http.failed', { origin: originOf(request), route, status, code }, thrown);
  }
}
