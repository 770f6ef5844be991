import { problemsOf } from '../platform/http/problem-table.js';
import type { ProblemError } from '../platform/http/problem-error.js';

const refuse = problemsOf({
  INVALID_REQUEST: { status: 400, title: 'Invalid request', detail: 'Some fields break their rule.' },
});

/** A request that Alipay+ would refuse for its form is refused here, before anything is kept or called. */
export function badRequest(
  faults: readonly { readonly field: string; readonly rule: string }[],
): ProblemError {
  return refuse('INVALID_REQUEST', { errors: faults });
}
