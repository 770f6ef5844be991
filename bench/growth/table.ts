import { medianOf, ratioOf } from '../statistics.js';
import type { Goal } from '../compare/goals.js';
import { goalTable } from '../compare/table.js';
import { textTable } from '../operations/text-table.js';
import { WORKS, type Grown, type GrowthRound } from './grown.js';

interface Column {
  readonly head: string;
  readonly figure: keyof GrowthRound;
  readonly decimals: number;
}

const COLUMNS: readonly Column[] = [
  { head: 'a second', figure: 'perSecond', decimals: 0 },
  { head: 'service ms', figure: 'cpuMs', decimals: 3 },
  { head: 'PostgreSQL ms', figure: 'databaseMs', decimals: 3 },
  { head: 'cost ms', figure: 'costMs', decimals: 3 },
  { head: 'with checkpoint', figure: 'costWithCheckpointMs', decimals: 3 },
  { head: 'p50 ms', figure: 'p50Ms', decimals: 1 },
  { head: 'p99 ms', figure: 'p99Ms', decimals: 1 },
  { head: 'WAL KB', figure: 'walKb', decimals: 1 },
];

/** The result for people. Costs are CPU times of one request. */
export function tableOf(small: Grown, large: Grown, goals: readonly Goal[]): string {
  const works = WORKS.map((work) => {
    const lines = [small, large].map((grown) => [
      `${grown.ordersBefore} to ${grown.ordersAfter}`,
      ...COLUMNS.map(({ figure, decimals }) => medianOf(grown[work], figure).toFixed(decimals)),
    ]);
    const ratios = COLUMNS.map(({ figure }) => ratioOf(large[work], small[work], figure).toFixed(2));
    const heads = COLUMNS.map(({ head }) => head);
    return textTable([`${work}, orders`, ...heads], [...lines, ['ratio', ...ratios]], 1);
  });
  return [...works, goalTable(goals)].join('\n\n');
}
