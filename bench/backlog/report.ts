import { atLeast, atMost, type Goal } from '../compare/goals.js';
import { goalTable, markdown } from '../compare/table.js';
import type { Backlog, Latency } from './measure-backlog.js';
import type { BacklogOptions } from './options.js';

export function goalsOf(found: Backlog, { rate }: BacklogOptions): Goal[] {
  return [
    atMost('p99 of new scans while it drains, times idle', found.p99Ratio, 1.5),
    atLeast('drain, of the allowed rate', found.perSecond / rate, 0.95),
    atMost('drain, of the allowed rate', found.perSecond / rate, 1.02),
  ];
}

export function reportOf(found: Backlog, options: BacklogOptions): string {
  const { pending, rate } = options;
  const rows = found.rounds.map(({ idle, draining, drained, seconds }, at) => [
    String(at + 1),
    ...figures(idle),
    ...figures(draining),
    (draining.p99Ms / idle.p99Ms).toFixed(2),
    (drained / seconds).toFixed(1),
  ]);
  const head = [
    'round',
    'idle',
    'p50 ms',
    'p99 ms',
    'draining',
    'p50 ms',
    'p99 ms',
    'p99 ratio',
    'drained a second',
  ];
  const minutes = pending / found.perSecond / 60;
  return [
    markdown(head, rows),
    `${pending} wait; ${found.perSecond.toFixed(1)} a second drain where ${rate} are allowed, all of them in ${minutes.toFixed(1)} minutes\nnew scans meanwhile: p50 ${found.p50Ratio.toFixed(2)}, p99 ${found.p99Ratio.toFixed(2)} times idle (medians of the rounds)`,
    goalTable(goalsOf(found, options)),
  ].join('\n\n');
}

function figures({ count, p50Ms, p99Ms }: Latency): string[] {
  return [String(count), p50Ms.toFixed(1), p99Ms.toFixed(1)];
}
