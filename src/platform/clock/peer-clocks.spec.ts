import { EventLog } from '../logging/event-log.js';
import { DATABASE_CLOCK, PeerClocks } from './peer-clocks.js';

const TRUE_MS = Date.parse('2026-03-01T00:00:00.000Z');

describe('the clocks of peers', () => {
  let lines: Record<string, unknown>[];
  let steadyMs: number;
  /** How far our own clock is ahead of the true time, in ms. */
  let wrongMs: number;
  let clocks: PeerClocks;
  beforeEach(() => {
    lines = [];
    steadyMs = 5_000;
    wrongMs = 0;
    const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    clocks = new PeerClocks(
      log,
      () => TRUE_MS + steadyMs + wrongMs,
      () => steadyMs,
    );
  });
  const told = () => lines.map(({ event, peer }) => `${String(event)} ${String(peer)}`);
  const trueTime = () => new Date(TRUE_MS + steadyMs);

  /** An answer with this round trip, whose time was read in the middle. */
  function answer(peer: string, { tripMs = 0, theirsMs = 0, grainMs = 0 } = {}): void {
    const askedAtMs = steadyMs;
    const readMs = TRUE_MS + askedAtMs + tripMs / 2 + theirsMs;
    steadyMs += tripMs;
    const time = new Date(grainMs === 0 ? readMs : Math.floor(readMs / grainMs) * grainMs);
    clocks.saw(peer, { time, askedAtMs, answeredAtMs: steadyMs, grainMs });
  }

  it('agree when ours is right, however long an answer takes and however coarse its time', () => {
    answer(DATABASE_CLOCK, { tripMs: 3_000 });
    answer('core', { tripMs: 900, grainMs: 1_000 });
    answer('partner', { tripMs: 8_000, theirsMs: 4_500, grainMs: 1_000 });
    expect(told()).toEqual([]);
    expect(clocks.disagreeing()).toEqual([]);
    for (const peer of ['core', 'partner']) expect(clocks.nowFor(peer)).toEqual(trueTime());
  });

  it.each([660_000, -660_000, 2_600, -2_600])('show how far ours is off: %d ms', (off) => {
    wrongMs = off;
    answer(DATABASE_CLOCK, { tripMs: 4 });
    expect(lines).toMatchObject([
      { event: 'clock.off', level: 'warn', peer: 'database', offsetMs: -off, alarm: true },
    ]);
    expect(clocks.nowFor('core')).toEqual(trueTime());
    answer(DATABASE_CLOCK);
    expect(lines).toHaveLength(1);
    wrongMs = 0;
    // Ours was corrected, and no answer has come since.
    expect(clocks.nowFor('core')).toEqual(trueTime());
    answer(DATABASE_CLOCK);
    expect(told()).toEqual(['clock.off database', 'clock.agrees database']);
  });

  it("are each trusted for themselves: a message to a peer has that peer's time", () => {
    answer(DATABASE_CLOCK);
    answer('core', { theirsMs: 90_000, grainMs: 1_000 });
    // A single one may be an answer that was delayed on its way.
    expect(clocks.nowFor('core')).toEqual(trueTime());
    answer('core', { theirsMs: 90_000, grainMs: 1_000 });
    expect(Math.abs(clocks.nowFor('core').getTime() - trueTime().getTime() - 90_000)).toBeLessThan(1_000);
    expect(clocks.nowFor('partner')).toEqual(trueTime());
    expect(clocks.disagreeing()).toEqual(['core']);
  });

  it('show a fault of ours only together', () => {
    expect(clocks.isBeyond(60_000)).toBe(false);
    answer(DATABASE_CLOCK, { theirsMs: 120_000 });
    expect(clocks.isBeyond(60_000)).toBe(true);
    answer('core');
    expect(clocks.isBeyond(60_000)).toBe(false);
    wrongMs = 660_000;
    answer(DATABASE_CLOCK);
    expect(clocks.isBeyond(60_000)).toBe(true);
  });

  it('are forgotten when they have not been seen for long, and an unreadable one is never used', () => {
    answer('core', { theirsMs: 90_000 });
    answer('core', { theirsMs: 90_000 });
    steadyMs += 600_000;
    expect(clocks.nowFor('core')).toEqual(trueTime());
    clocks.saw('core', { time: new Date(NaN), askedAtMs: steadyMs, answeredAtMs: steadyMs });
    expect(clocks.offsets().size).toBe(0);
  });
});
