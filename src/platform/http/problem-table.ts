import { ProblemError, type Problem } from './problem.js';

/** HTTP status and public text of one code. */
export type ProblemText = Pick<Problem, 'status' | 'title' | 'detail'> & {
  /** What it is answered for, as the description of the API says it. */
  readonly when: string;
  /** Members of every body with this code: what an app does, and the key of the text it shows. */
  readonly extra?: { readonly action: string; readonly messageKey: string };
  /** For the description: what else `action` may be, where a door chooses its words by state. */
  readonly otherActions?: readonly string[];
};

/** Typed over the union of a door's codes, so that a new code does not compile until it has a status and a text. */
export type ProblemTable<Code extends string> = Readonly<Record<Code, ProblemText>>;

export type ProblemMore<Extra extends object> = Pick<Problem, 'errors' | 'headers'> & {
  /** Members this door adds to the body of a problem. */
  readonly extra?: Extra;
  /** Replaces the text of the table where a fixed text per code is not enough. */
  readonly detail?: string;
  /** Kept for the log; the client never sees it. */
  readonly cause?: unknown;
};

/**
 * Turns a door's table into the function that builds its refusals:
 * `const refuse = problemsOf(TABLE); throw refuse('SOME_CODE', { extra: { … } });`
 */
export function problemsOf<Code extends string, Extra extends object = never>(
  table: ProblemTable<Code>,
): (code: Code, more?: ProblemMore<Extra>) => ProblemError {
  return (code, { cause, ...more } = {}) => {
    const options = cause === undefined ? undefined : { cause };
    const { when: _when, otherActions: _others, extra: own, ...text } = table[code];
    const extra = own || more.extra ? { extra: { ...own, ...more.extra } } : {};
    return new ProblemError({ code, ...text, ...more, ...extra }, options);
  };
}
