import type { Origin } from '../tracing/origin.js';

/** What one run of a piece of work came to; the queue needs to know nothing else. */
export type WorkDone =
  | { readonly next: 'done' }
  /** The far side asked for less traffic: nobody takes work of this queue before the pause is over. */
  | { readonly next: 'pause'; readonly pauseMs: number };

export const DONE: WorkDone = { next: 'done' };

/**
 * A kind of background work. A job carries one id; the truth about it is in the database, so `run` must be safe to
 * call twice, late, for something finished long ago, or for an id that never existed.
 */
export interface Work {
  readonly name: string;
  readonly concurrency: number;
  /** @param origin the job, for the lines of the log and for what is called and woken because of it */
  run(id: string, origin: Origin): Promise<WorkDone>;
}

export interface Wake {
  readonly id: string;
  /**
   * Names the attempt this wake is for. Together with the id it makes the job id, so two wakes for one attempt become
   * one job, and a wake for a later attempt is never swallowed by a finished job.
   */
  readonly turn: string;
  readonly delayMs: number;
  /** What sends it. */
  readonly origin?: Origin | undefined;
}
