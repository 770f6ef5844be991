import { setTimeout as sleep } from 'node:timers/promises';

/** One run that began on time, whatever the outcome of those before it. */
export interface Sample {
  readonly atMs: number;
  readonly tookMs: number;
}

export interface Steady {
  /** The runs that ended since the last call. */
  taken(): Sample[];
  /** Begins no more runs, waits for those under way, and fails when any failed. */
  stop(): Promise<Sample[]>;
}

/**
 * Begins that many runs a second and never waits for a slow one: otherwise a server that hesitates would get fewer
 * requests just then, and its slow moments would not be seen.
 */
export function steadily(perSecond: number, run: () => Promise<void>): Steady {
  const underWay = new Set<Promise<void>>();
  let samples: Sample[] = [];
  let failure: unknown;
  let isStopped = false;
  const begin = async (): Promise<void> => {
    const atMs = performance.now();
    await run();
    samples.push({ atMs, tookMs: performance.now() - atMs });
  };
  const beginAll = async (): Promise<void> => {
    for (let dueMs = performance.now(); !isStopped; dueMs += 1_000 / perSecond) {
      await sleep(Math.max(0, dueMs - performance.now()));
      const one = begin()
        .catch((error: unknown) => (failure ??= error))
        .then(() => void underWay.delete(one));
      underWay.add(one);
    }
  };
  const taken = (): Sample[] => {
    if (failure !== undefined) throw failure;
    const ended = samples;
    samples = [];
    return ended;
  };
  const beginning = beginAll();
  return {
    taken,
    stop: async () => {
      isStopped = true;
      await beginning;
      await Promise.all(underWay);
      return taken();
    },
  };
}
