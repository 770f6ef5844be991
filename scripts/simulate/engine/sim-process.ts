import { AsyncLocalStorage } from 'node:async_hooks';

export type SimRole = 'api' | 'worker';

/** One life of a simulated process. A crash ends it for ever; what is started again is another one. */
export class SimProcess {
  alive = true;
  /** Frozen until then, as by a long garbage collection: nothing of it proceeds. */
  pausedUntilMs = 0;

  constructor(
    readonly name: string,
    readonly role: SimRole,
    /** How far its own clock is from the true one. */
    readonly skewMs: number,
  ) {}

  /** Whatever is called in here, and all that it awaits, belongs to this process. */
  enter<T>(work: () => T): T {
    return current.run(this, work);
  }
}

const current = new AsyncLocalStorage<SimProcess | undefined>();

export function currentProcess(): SimProcess | undefined {
  return current.getStore();
}

/** Work of the simulation itself, also when it was asked for from inside a process. */
export function outsideProcesses<T>(work: () => T): T {
  return current.run(undefined, work);
}
