import type { Problem } from './problem.js';

/** Thrown by a door, a guard or a pipe to answer a request with exactly this problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    options?: { readonly cause?: unknown },
  ) {
    super(problem.code, options);
  }
}
