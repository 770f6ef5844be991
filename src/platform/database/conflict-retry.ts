import { setTimeout as sleep } from 'node:timers/promises';

/** serialization_failure and deadlock_detected: PostgreSQL undid everything and asks us to try again. */
const RETRYABLE_SQLSTATES = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 6;

/** Runs a unit of database work again, whole, when PostgreSQL says by SQLSTATE that it was the victim of a conflict. */
export class ConflictRetry {
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isConflict(error)) throw error;
        // Jitter, so that two victims of one deadlock do not meet again.
        await sleep(Math.random() * 10 * 2 ** attempt);
      }
    }
  }
}

function isConflict(error: unknown): boolean {
  return RETRYABLE_SQLSTATES.has(sqlStateOf(error) ?? '');
}

/**
 * PostgreSQL cannot hold a value (22), a rule of the schema forbids it (23), or it is too much of something (54): nothing
 * was written, and repeating it cannot help. A broken connection says nothing about what was written.
 */
export function isRefusedValue(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlStateOf(error) ?? '');
}

/** The five-character SQLSTATE of a PostgreSQL error, or undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
