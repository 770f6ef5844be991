import { setTimeout as sleep } from 'node:timers/promises';
import { LookTimes } from './look-times.js';

/** A timer may fire this much before its time, by the rounding of two clocks. */
const ROUNDING_MS = 5;

describe('LookTimes', () => {
  it('runs when it is due and never before, and once for all times that fall together', async () => {
    const looks: number[] = [];
    const times = new LookTimes(() => looks.push(performance.now()));
    const startedAt = performance.now();
    for (let at = 0; at < 1_000; at += 1) times.in(60 + at / 100);
    times.in(300);
    while (performance.now() - startedAt < 2_000 && looks.length < 2) await sleep(20);
    const delays = looks.map((at) => at - startedAt);
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(looks.length).toBeLessThanOrEqual(3);
    expect(delays[0]).toBeGreaterThanOrEqual(60 - ROUNDING_MS);
    expect(delays.at(-1)).toBeGreaterThanOrEqual(60 - ROUNDING_MS);
    times.clear();
  });

  it('does not run once it is cleared', async () => {
    let looks = 0;
    const times = new LookTimes(() => (looks += 1));
    times.in(10);
    times.clear();
    await sleep(150);
    expect(looks).toBe(0);
  });
});
