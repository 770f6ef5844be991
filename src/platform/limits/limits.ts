import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import { Database } from '../database/database.js';
import { platformProblem } from '../http/platform-problems.js';
import type { ProblemError } from '../http/problem.js';
import { Metrics } from '../metrics/metrics.js';
import { LeasedLimit, type Standing } from './leased-limit.js';
import { LimitsSettings } from './limits.settings.js';
import { networkOf } from './network-of.js';

const WINDOW_SECONDS = 60;

export type LimitName = 'token' | 'customer' | 'address' | 'failed_sign_ins';

/**
 * What one caller may take in a minute. Counted in PostgreSQL for all processes together; while it does not answer,
 * each process counts alone: a request within its limit is never refused.
 */
@Injectable()
export class Limits {
  private readonly limits: ReadonlyMap<LimitName, LeasedLimit>;
  private readonly refused;

  constructor(settings: LimitsSettings, database: Database, metrics: Metrics) {
    const points: Readonly<Record<LimitName, number>> = {
      token: settings.tokenPerMinute,
      customer: settings.customerPerMinute,
      address: settings.addressPerMinute,
      failed_sign_ins: settings.failedSignInsPerMinute,
    };
    const limited = Object.entries(points).filter(([, most]) => most > 0) as [LimitName, number][]; // its own keys
    this.limits = new Map(
      limited.map(([name, most]) => [
        name,
        new LeasedLimit(storeOf(name, most, database), (counted) => nameInStore(name, counted)),
      ]),
    );
    this.refused = metrics.counter({
      name: 'limit_refused_total',
      help: 'Requests refused with 429 because their caller took too much, by limit.',
      labels: ['limit'],
    });
  }

  /**
   * Counts one request of a caller.
   *
   * @throws ProblemError 429 when it is one too many
   */
  take(name: LimitName, whose: string): Standing | undefined | Promise<Standing> {
    const standing = this.limits.get(name)?.consume(countedBy(name, whose));
    if (!(standing instanceof Promise)) return standing && this.within(name, standing);
    return standing.then((told) => this.within(name, told));
  }

  /** @throws ProblemError 429 when this caller's limit is exceeded already; counts nothing */
  refuseBeyond(name: LimitName, whose: string): void {
    const standing = this.limits.get(name)?.isExceeded(countedBy(name, whose));
    if (standing !== undefined) this.within(name, standing);
  }

  private within(name: LimitName, standing: Standing): Standing {
    if (!standing.isExceeded) return standing;
    this.refused.inc({ limit: name });
    throw tooMany(name, standing);
  }
}

function tooMany(name: LimitName, standing: Standing): ProblemError {
  return platformProblem('TOO_MANY_REQUESTS', {
    headers: { 'retry-after': String(standing.resetSeconds), ...limitHeaders(name, standing) },
  });
}

/** As draft-ietf-httpapi-ratelimit-headers names and writes them. */
export function limitHeaders(
  name: LimitName,
  { limit, remaining, resetSeconds }: Standing,
): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=${WINDOW_SECONDS}`,
    ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  };
}

function countedBy(name: LimitName, whose: string): string {
  return name === 'token' || name === 'customer' ? whose : networkOf(whose);
}

/** The store keeps no name and no address. */
function nameInStore(name: LimitName, counted: string): string {
  return hash('sha256', `${name} ${counted}`, 'base64url').slice(0, 22);
}

function storeOf(name: LimitName, points: number, database: Database): RateLimiterPostgres {
  const rule = { keyPrefix: name, points, duration: WINDOW_SECONDS };
  return new RateLimiterPostgres({
    ...rule,
    storeClient: clientOf(database),
    storeType: 'client',
    tableName: 'rate_limit',
    // By a migration: the role of a running service makes no tables.
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(rule),
  });
}

interface Query {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The part of a client of pg that the library uses, by way of a pooler or not. */
function clientOf(database: Database): object {
  return {
    query: async ({ name = 'rate_limit', text, values }: Query) => {
      const rows = await database.run({ name, text }, values);
      return { rows, rowCount: rows.length };
    },
  };
}
