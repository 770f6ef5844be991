import { within } from '../../../src/platform/clock/within.js';

/** Far more than any of these waits may take; it only ends a wait that would never end. */
const PATIENCE_MS = 30_000;

export function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  return within(PATIENCE_MS, promise, () => {
    throw new Error(`${what} did not end`);
  });
}
