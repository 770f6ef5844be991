import { problemBody, PROBLEM_MEDIA_TYPE, type Problem } from '../problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A whole answer for the places no hook and no filter reaches: what the router or the connection itself refuses. */
export function plainProblem(problem: Problem, requestId: string): PlainAnswer {
  return {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      [REQUEST_ID_HEADER]: requestId,
      ...problem.headers,
    },
    body: JSON.stringify(problemBody(problem, requestId)),
  };
}
