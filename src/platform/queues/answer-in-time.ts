import { within } from '../clock/within.js';

/** What a process allows its queues. */
export interface QueueLimits {
  /** How long a caller is kept waiting for a wake. */
  readonly answerMs: number;
  /** After a wake without an answer the next callers do not wait as long. */
  readonly silenceMs: number;
  /** Longer than any piece of work may take. */
  readonly closeMs: number;
  /** Failed jobs of a queue, kept to see what went wrong; the work itself does not depend on them. */
  readonly mostFailed: number;
}

export const LIMITS: QueueLimits = { answerMs: 2_000, silenceMs: 1_000, closeMs: 10_000, mostFailed: 1_000 };

/** Nothing came in time; what was asked for may still happen. */
export class NoAnswer extends Error {}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Fails with `NoAnswer` when the time is up. */
export function answered<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  return within(timeoutMs, promise, () => {
    throw new NoAnswer(`no answer within ${timeoutMs} ms`);
  });
}
