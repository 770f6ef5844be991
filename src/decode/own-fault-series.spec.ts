import { OwnFaultSeries, SERIES_GAP_MS } from './own-fault-series.js';

describe('a series of answers that say the fault is ours', () => {
  const judged = (answers: readonly (readonly [of: string, ms: number])[]): boolean[] => {
    const series = new OwnFaultSeries();
    return answers.map(([of, ms]) => {
      series.note(of, ms);
      return series.isOurs;
    });
  };
  const apart = (gapMs: number): boolean[] => judged(['a', 'b', 'c'].map((of, n) => [of, n * gapMs]));

  it('says that the fault is ours after the third different one', () => {
    expect(
      judged([
        ['a', 5],
        ['b', 5],
        ['c', 5],
        ['a', 5],
      ]),
    ).toEqual([false, false, true, true]);
  });

  it('never says so because of one customer, however often it comes', () => {
    expect(judged(Array.from({ length: 50 }, (_, ms) => ['a', ms] as const))).not.toContain(true);
  });

  it('goes on as long as the gap between two is not too long', () => {
    expect(apart(SERIES_GAP_MS)).toEqual([false, false, true]);
    expect(apart(SERIES_GAP_MS + 1)).toEqual([false, false, false]);
  });

  it('includes those that other processes have seen, until a quiet time', () => {
    const series = new OwnFaultSeries();
    expect(series.note('a', 0)).toBe(true);
    series.toldByOthers();
    expect(series.isOurs).toBe(true);
    expect(series.note('b', SERIES_GAP_MS + 1)).toBe(true);
    expect(series.isOurs).toBe(false);
  });
});
