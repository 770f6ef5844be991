import { medianOf, ratioOf } from '../statistics.js';
import type { Contender, Figure, Work } from './figures.js';

export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly found: number;
  readonly met: boolean;
}

/** What was promised, held against what was found. */
export function goalsOf(contenders: readonly Contender[]): Goal[] {
  const [floor, ours, naive] = ['floor', 'ours', 'naive'].map((name) =>
    contenders.find((contender) => contender.name === name),
  );
  if (!floor || !ours) return [];
  const ratio = (work: Work, figure: Figure): number =>
    ratioOf(ours.rounds[work], floor.rounds[work], figure);
  const goals = [
    atLeast('scans a second, of the floor', ratio('scan', 'perSecond'), 0.85),
    atMost('CPU of a scan, times the floor', ratio('scan', 'cpuMs'), 1.3),
    atMost('p99 of a scan, times the floor', ratio('scan', 'p99Ms'), 1.5),
    atLeast('confirms a second, of the floor', ratio('confirm', 'perSecond'), 0.8),
    // What a process is given where it is deployed (docs/deploy.md).
    atMost('peak memory, MB', ours.peakMemoryMb, 400),
    atMost('ready on an existing database, ms', ours.readyMs, 2_500),
  ];
  if (!naive) return goals;
  const perCpu = medianOf(naive.rounds.scan, 'cpuMs') / medianOf(ours.rounds.scan, 'cpuMs');
  return [...goals, atLeast('scans a CPU second, times the naive peer', perCpu, 2)];
}

export function atLeast(what: string, found: number, limit: number): Goal {
  return { what, wanted: `>= ${limit}`, found, met: found >= limit };
}

export function atMost(what: string, found: number, limit: number): Goal {
  return { what, wanted: `<= ${limit}`, found, met: found <= limit };
}
