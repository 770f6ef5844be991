import { askAgainMs } from './doubt-delay.js';

describe('askAgainMs', () => {
  it.each([
    [0, 225, 275],
    [1, 450, 550],
    [3, 1_800, 2_200],
    [6, 27_000, 33_000],
    [7, 54_000, 66_000],
    [5_000, 54_000, 66_000],
  ])('after %i calls waits between %i and %i ms', (tries, least, most) => {
    expect(askAgainMs(tries, 0)).toBe(least);
    expect(askAgainMs(tries, 0.999_999)).toBe(most);
  });

  it('never gets shorter with more calls, and never ends', () => {
    const waits = Array.from({ length: 20 }, (_, tries) => askAgainMs(tries, 0.5));
    expect(waits).toEqual([...waits].sort((one, two) => one - two));
    expect(waits.every((waitMs) => waitMs > 0 && waitMs <= 60_000)).toBe(true);
  });
});
