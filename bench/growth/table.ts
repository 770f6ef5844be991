import { medianOf, ratioOf } from '../compare/figures.js';
import type { Goal } from '../compare/goals.js';
import { goalTable } from '../compare/table.js';
import { textTable } from '../operations/text-table.js';
import { FIGURES, WORKS, type Grown } from './grown.js';

const HEADS = ['a second', 'service ms', 'PostgreSQL ms', 'cost ms', 'p50 ms', 'p99 ms', 'WAL KB'];
const DECIMALS = [0, 3, 3, 3, 1, 1, 1];

/** The result as a person reads it. Costs are CPU times of one request. */
export function tableOf(small: Grown, large: Grown, goals: readonly Goal[]): string {
  const works = WORKS.map((work) => {
    const lines = [small, large].map((grown) => [
      `${grown.ordersBefore} to ${grown.ordersAfter}`,
      ...FIGURES.map((figure, at) => medianOf(grown[work], figure).toFixed(DECIMALS[at])),
    ]);
    const ratios = FIGURES.map((figure) => ratioOf(large[work], small[work], figure).toFixed(2));
    return textTable([`${work}, orders`, ...HEADS], [...lines, ['ratio', ...ratios]], 1);
  });
  return [...works, goalTable(goals)].join('\n\n');
}
