import { backoffMs, notBeforeMs, pause, retryAfterMs } from './pause.js';

describe('the wait before another attempt', () => {
  it('doubles up to eight seconds, and half of it is left to chance', () => {
    expect(
      [1, 2, 3, 6, 50].map((attempt) => [backoffMs(attempt, 300, 0), backoffMs(attempt, 300, 1)]),
    ).toEqual([
      [150, 300],
      [300, 600],
      [600, 1200],
      [4000, 8000],
      [4000, 8000],
    ]);
  });

  it('is never shorter than the service asks for', () => {
    expect([notBeforeMs(1000, 0), notBeforeMs(1000, 1)]).toEqual([1000, 1250]);
    expect(notBeforeMs(60_000, 1)).toBe(62_000);
  });

  it('is read from both forms of Retry-After, and from nothing else', () => {
    const now = Date.parse('2026-03-01T00:00:00Z');
    expect(retryAfterMs('2', now)).toBe(2000);
    expect(retryAfterMs('Sun, 01 Mar 2026 00:00:05 GMT', now)).toBe(5000);
    expect(retryAfterMs('Sat, 28 Feb 2026 00:00:00 GMT', now)).toBe(0);
    expect([null, '', ' ', 'soon'].map((header) => retryAfterMs(header, now))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    // No number of seconds that fits: a date at most, and never a wait without end.
    expect(retryAfterMs('99999999999999999999', now) ?? 0).toBe(0);
  });

  it('ends as soon as the call is aborted, with its reason', async () => {
    const abort = new AbortController();
    const waiting = pause(60_000, abort.signal);
    abort.abort(new Error('the payer left the page'));
    await expect(waiting).rejects.toThrow('the payer left the page');
    await expect(pause(60_000, abort.signal)).rejects.toThrow('the payer left the page');
  });
});
