/** One field of a request that was refused, and the rule it breaks in plain words. */
export interface FieldFault {
  readonly field: string;
  readonly rule: string;
}

/** A refusal as a client may see it: fixed text, a stable code, nothing of our inside. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  /** Further members a door adds to the body; they cannot replace the ones every problem has. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The RFC 9457 body of a problem. `type` names the code too, so that clients that only know the RFC can tell. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  return {
    ...problem.extra,
    type: `urn:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    requestId,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}
