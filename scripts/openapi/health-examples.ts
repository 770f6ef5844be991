import { HEALTH_MEANINGS } from '../../src/health-meanings.js';
import type { ReadinessDto } from '../../src/platform/health/readiness.js';
import { at, one, type Examples } from './example-payments.js';

const READY: ReadinessDto = { status: 'ok', checks: { database: 'up', queues: 'up' } };
const UNAVAILABLE: ReadinessDto = {
  status: 'unavailable',
  checks: { database: 'down', queues: 'up' },
  troubles: [{ part: 'database', since: at(3_000).toISOString(), means: HEALTH_MEANINGS['database'] ?? '' }],
};

/** The answers to probes. */
export const HEALTH_ANSWERS: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  getLiveness: { 200: one('alive', 'The process answers', { status: 'ok' }) },
  getReadiness: {
    200: one('ready', 'All is up', READY),
    503: one('unavailable', 'The database is away', UNAVAILABLE),
  },
};
