import { AsyncLocalStorage } from 'node:async_hooks';

export type SimRole = 'api' | 'worker';

/** One life of a simulated process. A crash ends it for ever; a restart makes another one. */
export class SimProcess {
  alive = true;
  /** Frozen until then, as by a long garbage collection: none of its operations proceeds. */
  pausedUntilMs = 0;

  constructor(
    readonly name: string,
    readonly role: SimRole,
    /** The offset of its own clock from the true time, in ms. */
    readonly skewMs: number,
  ) {}

  /** All calls in here, and all that they await, belong to this process. */
  enter<T>(work: () => T): T {
    return current.run(this, work);
  }
}

const current = new AsyncLocalStorage<SimProcess | undefined>();

export function currentProcess(): SimProcess | undefined {
  return current.getStore();
}

/** Work of the simulation itself, even when it is called inside a process. */
export function outsideProcesses<T>(work: () => T): T {
  return current.run(undefined, work);
}
