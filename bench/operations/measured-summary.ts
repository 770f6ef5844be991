import { activityBefore } from '../../src/operations/summary/activity.js';
import { doubtSums } from '../../src/payment-order/doubt/doubts.js';
import { ReadingPool } from '../../src/platform/database/reading-pool.js';
import { median } from '../statistics.js';
import { timed } from './timed.js';

export interface MeasuredSummary {
  readonly part: string;
  /** Scans, or payments in doubt, that it counts. */
  readonly counted: number;
  readonly ms: number;
}

const DAY_MINUTES = 24 * 60;
/** The hour and the day of the summary, and longer ranges with very many orders. */
const SPANS: readonly (readonly [name: string, minutes: number])[] = [
  ['an hour', 60],
  ['a day', DAY_MINUTES],
  ['as many as 30 days hold', 30 * DAY_MINUTES],
  ['all there are', 400 * DAY_MINUTES],
];
const LIMIT_MS = 60_000;

/** The parts of the summary, as of the newest order; ranges beyond a day stand for a day with more payments. */
export async function measuredSummary(url: string, samples: number): Promise<MeasuredSummary[]> {
  const pool = new ReadingPool({ url, poolSize: 1, readingPoolSize: 1 });
  const reader = await pool.openSnapshot(LIMIT_MS);
  try {
    const [newest] = await reader.run<{ at: Date }>({
      text: 'select max(created_at) as at from payment_order',
      values: [],
    });
    if (!newest) throw new Error('the database is not seeded');
    const doubts = await medianOf(samples, () => reader.run<{ count: number }>(doubtSums(newest.at)));
    const parts = [
      { part: 'doubts', counted: doubts.last.reduce((sum, { count }) => sum + count, 0), ms: doubts.ms },
    ];
    for (const [part, minutes] of SPANS) {
      const { last, ms } = await medianOf(minutes > DAY_MINUTES ? 3 : samples, () =>
        activityBefore(reader, newest.at, minutes),
      );
      parts.push({ part, counted: last.scans.begun, ms });
    }
    return parts;
  } finally {
    await reader.close();
    await pool.onApplicationShutdown();
  }
}

async function medianOf<Answer>(
  samples: number,
  ask: () => Promise<Answer>,
): Promise<{ last: Answer; ms: number }> {
  let last = await ask();
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    times.push(await timed(async () => (last = await ask())));
  }
  return { last, ms: median(times) };
}
