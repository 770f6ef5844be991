import { nextAttemptMs } from './delivery-pace.js';

const SCHEDULE = [2_000, 5_000, 600_000];

describe('nextAttemptMs', () => {
  it.each([
    [1, 1_600, 2_400],
    [2, 4_000, 6_000],
    [3, 480_000, 720_000],
    [99, 480_000, 720_000],
  ])('after attempt %i waits between %i and %i ms', (tries, least, most) => {
    expect(nextAttemptMs(SCHEDULE, tries, 0.2, 0)).toBe(least);
    expect(nextAttemptMs(SCHEDULE, tries, 0.2, 1)).toBe(most);
  });

  it('keeps exactly to the schedule where no jitter is wanted', () => {
    expect([0, 0.5, 0.999].map((random) => nextAttemptMs(SCHEDULE, 2, 0, random))).toEqual([
      5_000, 5_000, 5_000,
    ]);
  });

  it('refuses an empty schedule', () => {
    expect(() => nextAttemptMs([], 1, 0.2, 0)).toThrow('at least one step');
  });
});
