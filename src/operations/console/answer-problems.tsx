import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { platformProblem } from '../../platform/http/platform-problems.js';
import { problemOf } from '../../platform/http/problem-of.js';
import { problemsOf } from '../../platform/http/problem-table.js';
import type { Problem } from '../../platform/http/problem.js';
import { routePattern } from '../../platform/http/route-pattern.js';
import { rememberProblemCode } from '../../platform/http/server/access-log.js';
import type { EventLog } from '../../platform/logging/event-log.js';
import { sendPage } from './send-page.js';
import { originOf } from '../../platform/tracing/request-spans.js';

const refuse = problemsOf({
  FORM_TOO_OLD: {
    status: 403,
    title: 'This form is too old',
    detail: 'Nothing was changed. Go back, load the page again and send the form once more.',
    when: 'The form was loaded in an earlier session.',
  },
});

/** Every problem below /console is shown as a page, with the same codes and statuses as in the API. */
export function answerProblems(fastify: FastifyInstance, log: EventLog): void {
  fastify.setErrorHandler((error, request, reply) => {
    const problem = isOldForm(error) ? refuse('FORM_TOO_OLD').problem : problemOf(error);
    rememberProblemCode(request, problem.code);
    const { code, status } = problem;
    if (status >= 500 && code !== 'SHUTTING_DOWN') {
      log.error(
        'console.failed',
        { origin: originOf(request), route: routePattern(request), status, code },
        error,
      );
    }
    return sendProblem(request, reply, problem);
  });
  fastify.setNotFoundHandler((request, reply) => {
    const { problem } = platformProblem('ROUTE_NOT_FOUND');
    rememberProblemCode(request, problem.code);
    return sendProblem(request, reply, problem);
  });
}

function isOldForm(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'FST_CSRF_INVALID_TOKEN' || code === 'FST_CSRF_MISSING_SECRET';
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  reply.code(problem.status).headers({ ...problem.headers });
  // A request refused before its cookies were read has no session, and a whole page needs one.
  if (typeof request.session?.get !== 'function') {
    const page = <ProblemPage problem={problem} requestId={request.id} />;
    return reply.type('text/html; charset=utf-8').send(`<!doctype html>${renderToString(page)}`);
  }
  return sendPage(request, reply, {
    title: problem.title,
    body: <ProblemPage problem={problem} requestId={request.id} />,
  });
}

function ProblemPage({ problem, requestId }: { problem: Problem; requestId: string }): JSX.Element {
  return (
    <section class="narrow">
      <h1>{problem.title}</h1>
      {problem.detail !== undefined && <p>{problem.detail}</p>}
      {problem.errors !== undefined && (
        <ul>
          {problem.errors.map(({ field, rule }) => (
            <li key={`${field} ${rule}`}>
              <code>{field}</code> {rule}
            </li>
          ))}
        </ul>
      )}
      <p class="note">
        {problem.code} · request {requestId}
      </p>
      <p>
        <a href="/console">To the overview</a>
      </p>
    </section>
  );
}
