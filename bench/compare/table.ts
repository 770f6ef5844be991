import { medianOf, ratioOf } from '../statistics.js';
import type { Contender, Work } from './figures.js';
import type { Goal } from './goals.js';

/** The result as a person reads it, in Markdown. */
export function tableOf(contenders: readonly Contender[], goals: readonly Goal[]): string {
  return [
    works(contenders, 'scan'),
    works(contenders, 'confirm'),
    processes(contenders),
    goalTable(goals),
  ].join('\n\n');
}

function works(contenders: readonly Contender[], work: Work): string {
  const floor = contenders[0]?.rounds[work] ?? [];
  const rows = contenders.map(({ name, rounds }) => [
    name,
    medianOf(rounds[work], 'perSecond').toFixed(0),
    ratioOf(rounds[work], floor, 'perSecond').toFixed(2),
    medianOf(rounds[work], 'cpuMs').toFixed(2),
    ratioOf(rounds[work], floor, 'cpuMs').toFixed(2),
    medianOf(rounds[work], 'p50Ms').toFixed(0),
    medianOf(rounds[work], 'p99Ms').toFixed(0),
    ratioOf(rounds[work], floor, 'p99Ms').toFixed(2),
  ]);
  return markdown(
    [work, 'a second', 'of floor', 'CPU ms each', 'of floor', 'p50 ms', 'p99 ms', 'of floor'],
    rows,
  );
}

function processes(contenders: readonly Contender[]): string {
  const rows = contenders.map(({ name, peakMemoryMb, readyMs }) => [
    name,
    peakMemoryMb.toFixed(0),
    readyMs.toFixed(0),
  ]);
  return markdown(['process', 'peak memory MB', 'ready after ms'], rows);
}

export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, wanted, found, met }) => [
    what,
    wanted,
    found >= 100 ? found.toFixed(0) : found.toFixed(2),
    met ? 'yes' : 'NO',
  ]);
  return markdown(['goal', 'wanted', 'found', 'met'], rows);
}

export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
