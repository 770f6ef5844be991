import { EventLog } from '../logging/event-log.js';
import { ClockLimit } from './clock-limit.js';
import { DATABASE_CLOCK, PeerClocks } from './peer-clocks.js';

describe('the limit of our clock', () => {
  let lines: Record<string, unknown>[];
  let wrongMs: number;
  let steadyMs: number;
  let clocks: PeerClocks;
  let limit: ClockLimit;
  beforeEach(() => {
    lines = [];
    wrongMs = 0;
    steadyMs = 1_000;
    const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    clocks = new PeerClocks(
      log,
      () => steadyMs + wrongMs,
      () => steadyMs,
    );
    limit = new ClockLimit(clocks, { limitMs: 60_000 }, log);
  });

  const seen = (peer: string, aheadMs = 0): void => {
    clocks.saw(peer, { time: new Date(steadyMs + aheadMs), askedAtMs: steadyMs, answeredAtMs: steadyMs });
    limit.judge();
  };
  const told = () => lines.map(({ event }) => event).filter((event) => String(event).includes('take'));

  it('is not exceeded while no peer has given a time, nor by a clock that is slightly off', () => {
    limit.judge();
    wrongMs = 59_000;
    seen(DATABASE_CLOCK);
    expect(limit.isBeyond).toBe(false);
    expect(told()).toEqual([]);
  });

  it.each([660_000, -660_000])(
    'is exceeded by a clock that is set %d ms off, reported once, and met again afterwards',
    (off) => {
      const heard: boolean[] = [];
      limit.follow((isBeyond) => heard.push(isBeyond));
      seen(DATABASE_CLOCK);
      wrongMs = off;
      for (let time = 0; time < 3; time += 1) limit.judge();
      expect(limit.isBeyond).toBe(true);
      // A later listener gets the present state.
      limit.follow((isBeyond) => heard.push(isBeyond));
      wrongMs = 0;
      for (let time = 0; time < 3; time += 1) limit.judge();
      expect(heard).toEqual([false, true, true, false, false]);
      expect(told()).toEqual(['clock.takes_no_work', 'clock.takes_work']);
      expect(lines.find(({ event }) => event === 'clock.takes_no_work')).toMatchObject({
        alarm: true,
        level: 'warn',
        limitMs: 60_000,
        offsetsMs: `${DATABASE_CLOCK} ${-off}`,
      });
    },
  );

  it('is not exceeded while one peer agrees with us, whatever the others say', () => {
    seen(DATABASE_CLOCK, 3_600_000);
    expect(limit.isBeyond).toBe(true);
    seen('ledger');
    expect(limit.isBeyond).toBe(false);
    seen('partner', 7_200_000);
    expect(limit.isBeyond).toBe(false);
  });

  it('is not exceeded when peers are off in both directions, which proves nothing about ours', () => {
    seen(DATABASE_CLOCK, 3_600_000);
    seen('ledger', -3_600_000);
    expect(limit.isBeyond).toBe(false);
  });
});
