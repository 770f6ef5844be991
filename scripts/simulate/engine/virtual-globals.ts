import type { Operation, Scheduler } from './scheduler.js';
import { currentProcess } from './sim-process.js';

/** Where virtual time begins: inside a day, so that the end of notifications is a day away at most. */
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
  constructor(readonly operation: Operation) {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/**
 * Gives code of simulated processes virtual time, timers and seeded chance, wherever it reads them; everything else,
 * the driver of the database above all, keeps the real ones.
 *
 * @returns what puts the real ones back
 */
export function installVirtualGlobals(scheduler: Scheduler): () => void {
  Date.now = () => {
    const owner = currentProcess();
    return owner ? EPOCH_MS + scheduler.nowMs + owner.skewMs : real.now();
  };
  Math.random = () => (currentProcess() ? scheduler.random.next() : real.random());
  setPerformanceNow(() => (currentProcess() ? scheduler.nowMs : real.performanceNow()));
  const setVirtual = (work: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
    const owner = currentProcess();
    if (!owner) return real.setTimeout(work, delayMs, ...args);
    const run = (): void => owner.enter(() => work(...args));
    return new VirtualTimer(scheduler.add({ owner, atMs: scheduler.nowMs + delayMs, run }));
  };
  const clearVirtual = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) scheduler.remove(timer.operation);
    // What is no timer of ours was made by the real setTimeout.
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
  return () => {
    Date.now = real.now;
    Math.random = real.random;
    setPerformanceNow(real.performanceNow);
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
  };
}

function setPerformanceNow(now: () => number): void {
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
}
