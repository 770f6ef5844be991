import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseClock, isoWithOffset } from './database-clock.js';

describe('DatabaseClock', () => {
  const longAgo = new Date('2001-02-03T04:05:06.789Z');

  it('continues from the time of the database, whatever our clock says', async () => {
    const began = performance.now();
    const clock = new DatabaseClock(longAgo);
    await sleep(30);
    const movedMs = clock.now().getTime() - longAgo.getTime();
    const elapsedMs = performance.now() - began;
    expect(movedMs).toBeGreaterThanOrEqual(29);
    expect(movedMs).toBeLessThanOrEqual(elapsedMs + 1);
  });

  it('reports a deadline as passed from its very millisecond on', () => {
    const clock = new DatabaseClock(longAgo);
    expect(clock.hasPassed(longAgo)).toBe(true);
    expect(clock.hasPassed(new Date(longAgo.getTime() - 1))).toBe(true);
    expect(clock.hasPassed(new Date(longAgo.getTime() + 60_000))).toBe(false);
  });
});

describe('isoWithOffset', () => {
  it.each([
    ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00+00:00'],
    ['2026-03-01T12:00:00.999Z', '2026-03-01T12:00:00+00:00'],
    ['2026-12-31T23:59:59.001Z', '2026-12-31T23:59:59+00:00'],
  ])('writes %s as %s', (time, written) => {
    expect(isoWithOffset(new Date(time))).toBe(written);
  });
});
