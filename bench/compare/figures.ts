import type { Round } from './load.js';

export type Work = 'scan' | 'confirm';

export interface Contender {
  readonly name: string;
  readonly readyMs: number;
  readonly peakMemoryMb: number;
  readonly rounds: Readonly<Record<Work, readonly Round[]>>;
}

export type Figure = 'perSecond' | 'cpuMs' | 'p50Ms' | 'p99Ms';

/** What two rounds of one contender came to on average. */
export function meanOf<Figures extends Readonly<Record<keyof Figures, number>>>(
  first: Figures,
  second: Figures,
): Figures {
  const keys = Object.keys(first) as (keyof Figures)[]; // an object of figures has no other keys
  const means = keys.map((key) => [key, (first[key] + second[key]) / 2]);
  return Object.fromEntries(means) as Figures;
}
