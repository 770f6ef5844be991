import type { Operation, Scheduler } from './scheduler.js';
import { currentProcess, type SimProcess } from './sim-process.js';

/** The start of virtual time: in the middle of a day, so that the end of notifications is a day away at most. */
export const EPOCH_MS = Date.UTC(2026, 2, 1, 4, 0, 0);

const real = {
  now: Date.now.bind(Date),
  random: Math.random.bind(Math),
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  performanceNow: performance.now.bind(performance),
};

/** Milliseconds of the real machine; for the driver of the real database only. */
export function realDelay(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    real.setTimeout(resolve, delayMs);
  });
}

class VirtualTimer {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly operation: Operation,
  ) {}
  clear(): void {
    this.scheduler.remove(this.operation);
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** The scheduler whose time a process has: several histories may run at once. */
const schedulers = new WeakMap<SimProcess, Scheduler>();

export function liveBy(scheduler: Scheduler, process: SimProcess): void {
  schedulers.set(process, scheduler);
}

/** The number of running histories. */
let histories = 0;

/**
 * Gives the code of simulated processes virtual time, timers and seeded randomness, wherever it reads them; all other
 * code, above all the driver of the database, keeps the real ones.
 *
 * @returns a function that restores the real ones, once nobody needs the virtual ones any more
 */
export function installVirtualGlobals(): () => void {
  histories += 1;
  if (histories === 1) install();
  return () => {
    histories -= 1;
    if (histories === 0) restore();
  };
}

function install(): void {
  Date.now = () => {
    const here = whereabouts();
    return here ? EPOCH_MS + here.scheduler.nowMs + here.owner.skewMs : real.now();
  };
  Math.random = () => whereabouts()?.scheduler.random.next() ?? real.random();
  setPerformanceNow(() => whereabouts()?.scheduler.nowMs ?? real.performanceNow());
  const setVirtual = (work: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
    const here = whereabouts();
    if (!here) return real.setTimeout(work, delayMs, ...args);
    const { owner, scheduler } = here;
    const run = (): void => owner.enter(() => work(...args));
    // Whole ms, as the timers of Node have them.
    const atMs = scheduler.nowMs + Math.trunc(delayMs);
    return new VirtualTimer(scheduler, scheduler.add({ owner, atMs, run }));
  };
  const clearVirtual = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.clear();
    // A timer that is not ours was made by the real setTimeout.
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
}

function restore(): void {
  Date.now = real.now;
  Math.random = real.random;
  setPerformanceNow(real.performanceNow);
  Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
}

/** The process whose code runs; undefined outside of every simulated process. */
function whereabouts(): { readonly owner: SimProcess; readonly scheduler: Scheduler } | undefined {
  const owner = currentProcess();
  const scheduler = owner && schedulers.get(owner);
  return owner && scheduler && { owner, scheduler };
}

function setPerformanceNow(now: () => number): void {
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
}
