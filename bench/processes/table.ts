import { medianOf, ratioOf } from '../statistics.js';
import { textTable } from '../operations/text-table.js';
import type { SharedRound } from './machine-shares.js';

export interface Team {
  readonly name: string;
  readonly scan: readonly SharedRound[];
  readonly confirm: readonly SharedRound[];
}

const FIGURES = ['perSecond', 'cpuMs', 'p50Ms', 'p99Ms'] as const;
const HEADS = ['a second', 'CPU ms each', 'p50 ms', 'p99 ms'];
const DECIMALS = [0, 2, 1, 1];
const SHARES = ['service', 'postgres', 'standIn', 'generator', 'others', 'idle'] as const;

/** The result for people: the costs, and the shares of processor time. */
export function tableOf(one: Team, two: Team): string {
  return (['scan', 'confirm'] as const)
    .flatMap((work) => [figureTable(one, two, work), shareTable(one, two, work)])
    .join('\n\n');
}

function figureTable(one: Team, two: Team, work: 'scan' | 'confirm'): string {
  const lines = [one, two].map((team) => [
    team.name,
    ...FIGURES.map((figure, at) => medianOf(team[work], figure).toFixed(DECIMALS[at])),
  ]);
  const ratios = FIGURES.map((figure) => ratioOf(two[work], one[work], figure).toFixed(2));
  return textTable([work, ...HEADS], [...lines, ['ratio', ...ratios]], 1);
}

function shareTable(one: Team, two: Team, work: 'scan' | 'confirm'): string {
  const lines = [one, two].map((team) => [
    team.name,
    ...SHARES.map((who) => `${(medianOf(team[work], who) * 100).toFixed(0)} %`),
  ]);
  return textTable(
    [`processors, ${work}`, 'service', 'PostgreSQL', 'Alipay+', 'generator', 'others', 'idle'],
    lines,
    1,
  );
}
