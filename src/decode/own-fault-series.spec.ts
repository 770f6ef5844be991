import { OwnFaultSeries, SERIES_GAP_MS } from './own-fault-series.js';

describe('a series of answers that say the fault is ours', () => {
  const counted = (times: readonly number[]): number[] => {
    const series = new OwnFaultSeries();
    return times.map((ms) => series.next(ms));
  };

  it('counts all that come at once', () => {
    expect(counted([5, 5, 5, 5])).toEqual([1, 2, 3, 4]);
  });

  it('goes on as long as none is further from the one before it than the gap', () => {
    const times = [1, 2, 3, 4].map((n) => n * SERIES_GAP_MS);
    expect(counted(times)).toEqual([1, 2, 3, 4]);
  });

  it('ends with a quiet time, and the next one is a first one again', () => {
    expect(counted([0, 1, 2, 2 + SERIES_GAP_MS + 1, 2 + SERIES_GAP_MS + 2])).toEqual([1, 2, 3, 1, 2]);
  });
});
