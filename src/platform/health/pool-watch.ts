import type { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { UNCONNECTED } from '../database/telling-pool.js';
import { errorCodeOf } from '../error-code.js';

/** A class of SQLSTATE whose errors say something of the server and not of the statement: away, full, or being stopped. */
const SERVER_FAULT = /^(08|53|57P|58|XX)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** When a pool's last real statement was answered, and since when none is. */
export class PoolWatch {
  private answeredAt = Date.now();
  private failedAt: number | undefined;

  constructor(pool: EventEmitter) {
    pool.on('release', (error: unknown) => this.ended(error));
    pool.on(UNCONNECTED, () => this.failed());
  }

  /** Since the last answer, in seconds. */
  get ageSeconds(): number {
    return (Date.now() - this.answeredAt) / 1_000;
  }

  /** When statements began to fail; undefined while the last one was answered. */
  get failingSinceMs(): number | undefined {
    return this.failedAt;
  }

  /** A refusal of the statement itself is an answer too. */
  private ended(error: unknown): void {
    // Thrown away by our own code: that says nothing about the server.
    if (error === true) return;
    const code = errorCodeOf(error) ?? '';
    if (!(error instanceof Error) || (SQLSTATE.test(code) && !SERVER_FAULT.test(code))) {
      this.answeredAt = Date.now();
      this.failedAt = undefined;
    } else this.failed();
  }

  private failed(): void {
    this.failedAt ??= Date.now();
  }
}

/**
 * How many statements wait because every connection is in use. The pool's own count has those among it that get an idle
 * or a new connection at the next tick: the figures' own statements at each scrape.
 */
export function waitingFor({
  waitingCount,
  idleCount,
  totalCount,
  options,
}: Pick<Pool, 'waitingCount' | 'idleCount' | 'totalCount' | 'options'>): number {
  return Math.max(0, waitingCount - idleCount - (options.max - totalCount));
}
