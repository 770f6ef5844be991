import { RetryPace } from './retry-pace.js';

describe('the time after which a refused caller comes again', () => {
  let nowMs: number;
  let pace: RetryPace;
  beforeEach(() => {
    nowMs = 0;
    pace = new RetryPace(() => nowMs);
  });

  /** Seconds with so many served and refused each. @returns what the last one that was refused in each was told */
  function seconds(count: number, served: number, refused: number): number[] {
    return Array.from({ length: count }, () => {
      let told = 0;
      for (let at = 0; at < served; at += 1) pace.served();
      for (let at = 0; at < refused; at += 1) told = pace.refused();
      nowMs += 1_000;
      return told;
    });
  }

  it('grows while more are refused than served, up to a limit', () => {
    expect(seconds(6, 10, 11)).toEqual([1, 2, 4, 8, 8, 8]);
  });

  it('stays where it is while fewer are refused than served, and shrinks where they are few', () => {
    seconds(3, 10, 11);
    expect(seconds(4, 10, 5)).toEqual([8, 8, 8, 8]);
    expect(seconds(5, 10, 2)).toEqual([8, 4, 2, 1, 1]);
  });

  it('is the shortest one after a quiet time', () => {
    seconds(4, 0, 100);
    nowMs += 60_000;
    expect(pace.refused()).toBe(1);
  });
});
