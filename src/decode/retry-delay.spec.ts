import fc from 'fast-check';
import { afterStopMs, ownFaultDelayMs, retryDelayMs, trafficPauseMs } from './retry-delay.js';

const rule = { baseMs: 500, maxMs: 5_000 };

describe('retryDelayMs', () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1_000],
    [3, 1_000, 2_000],
    [4, 2_000, 4_000],
    [5, 2_500, 5_000],
    [1_000, 2_500, 5_000],
  ])('after attempt %i waits between %i and %i ms', (tries, least, most) => {
    expect(retryDelayMs(rule, tries, 0)).toBe(least);
    expect(retryDelayMs(rule, tries, 0.999_999)).toBe(most);
  });

  it('never exceeds the maximum and never gets shorter with more attempts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, random) => {
          const delayMs = retryDelayMs(rule, tries, random);
          expect(delayMs).toBeGreaterThan(0);
          expect(delayMs).toBeLessThanOrEqual(rule.maxMs);
          expect(retryDelayMs(rule, tries + 1, random)).toBeGreaterThanOrEqual(delayMs);
        },
      ),
    );
  });

  it('waits long enough after a fault of ours for something to have changed', () => {
    expect(ownFaultDelayMs(0)).toBe(2_000);
    expect(ownFaultDelayMs(0.999)).toBeGreaterThan(2_900);
  });

  it('decodes again after the stop, and not every scan at the same moment', () => {
    expect(afterStopMs(10_000, 0)).toBe(10_000);
    expect(afterStopMs(10_000, 0.999)).toBeGreaterThan(14_900);
  });

  it('pauses the fleet for at least a second', () => {
    expect(trafficPauseMs(0)).toBe(1_000);
    expect(trafficPauseMs(0.999)).toBeGreaterThan(1_400);
  });
});
