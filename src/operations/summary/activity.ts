import type { SnapshotReader } from '../../platform/database/reading-pool.js';
import type { ActivityDto, LatencyDto } from './summary.dto.js';
import { debitsSince, questionsSince, resultsSince, scansSince } from './summary.sql.js';

type Percentiles = readonly number[] | null;

interface ScansRow {
  readonly begun: number;
  readonly decoded: number;
  readonly rejected: number;
  readonly given_up: number;
  readonly pending: number;
  readonly latencies: Percentiles;
}

interface QuestionsRow {
  readonly outcome: string;
  readonly reason: string | null;
  readonly count: number;
}

interface DebitsRow {
  readonly confirmed: number;
  readonly paid: number;
  readonly refused: number;
  readonly measured: number;
  readonly latencies: Percentiles;
}

interface ResultsRow {
  readonly final: number;
  readonly acknowledged: number;
  readonly latencies: Percentiles;
}

const MINUTE_MS = 60_000;
/** A person does not read more reasons. */
const MOST_REASONS = 10;

/** The activity of the minutes before `at`; each table is read by the index on its time. */
export async function activityBefore(
  reader: SnapshotReader,
  at: Date,
  minutes: number,
): Promise<ActivityDto> {
  const since = new Date(at.getTime() - minutes * MINUTE_MS);
  const [scans] = await reader.run<ScansRow>(scansSince(since));
  const questions = await reader.run<QuestionsRow>(questionsSince(since));
  const [debits] = await reader.run<DebitsRow>(debitsSince(since));
  const [results] = await reader.run<ResultsRow>(resultsSince(since));
  if (!scans || !debits || !results) throw new Error('a count had no row');
  return {
    at,
    since,
    scans: scansOf(scans, minutes),
    questions: questionsOf(questions),
    payments: paymentsOf(debits, minutes),
    results: {
      final: results.final,
      acknowledged: results.acknowledged,
      latencyMs: latencyOf(results.acknowledged, results.latencies),
    },
  };
}

function scansOf({ given_up: givenUp, latencies, ...row }: ScansRow, minutes: number): ActivityDto['scans'] {
  return {
    ...row,
    givenUp,
    perMinute: rounded(row.begun / minutes),
    ...rate('successRate', row.decoded, row.decoded + row.rejected + givenUp),
    latencyMs: latencyOf(row.decoded, latencies),
  };
}

function questionsOf(rows: readonly QuestionsRow[]): ActivityDto['questions'] {
  const unknowns = rows.filter(({ outcome }) => outcome === 'unknown');
  const [asked, unknown] = [rows, unknowns].map((some) => some.reduce((sum, { count }) => sum + count, 0));
  return {
    asked: asked ?? 0,
    unknown: unknown ?? 0,
    ...rate('unknownRate', unknown ?? 0, asked ?? 0),
    unknownReasons: unknowns
      .map(({ reason, count }) => ({ reason: reason ?? 'none', count }))
      .toSorted((one, other) => other.count - one.count || one.reason.localeCompare(other.reason))
      .slice(0, MOST_REASONS),
  };
}

function paymentsOf({ measured, latencies, ...row }: DebitsRow, minutes: number): ActivityDto['payments'] {
  return {
    ...row,
    perMinute: rounded(row.paid / minutes),
    unsettled: row.confirmed - row.paid - row.refused,
    latencyMs: latencyOf(measured, latencies),
  };
}

function latencyOf(count: number, percentiles: Percentiles): LatencyDto {
  const [p50, p95, p99] = (percentiles ?? []).map(Math.round);
  return p50 === undefined || p95 === undefined || p99 === undefined ? { count } : { count, p50, p95, p99 };
}

function rate<Name extends string>(name: Name, part: number, whole: number): Partial<Record<Name, number>> {
  return whole === 0 ? {} : ({ [name]: rounded(part / whole) } as Record<Name, number>); // exactly the named property
}

/** Four decimal places: nobody acts on less than one in ten thousand. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
