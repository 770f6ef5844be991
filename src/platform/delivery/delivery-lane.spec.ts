import { mock } from 'node:test';
import { DeliveryLane, usualRoom, type LaneLimits } from './delivery-lane.js';
import { DeliveryLanes } from './delivery-lanes.js';

type Answer = 'good' | 'timeout';

const TIMEOUT = 'timeout';
const GOOD = 'good';
const OPEN_MS = 1_000;
const FORGET_MS = 60_000;
const LIMITS: LaneLimits = {
  concurrency: 4,
  reserve: 1,
  window: 4,
  failures: 3,
  openMs: OPEN_MS,
  forgetMs: FORGET_MS,
};

let nowMs = 0;
beforeEach(() => {
  nowMs = 1_700_000_000_000;
  mock.method(Date, 'now', () => nowMs);
});
afterEach(() => mock.restoreAll());

function aLane(change: Partial<LaneLimits> = {}) {
  const told: string[] = [];
  const lane = new DeliveryLane(
    { ...LIMITS, ...change },
    { onOpen: () => told.push('open'), onClosed: () => told.push('closed') },
    (answer) => answer === TIMEOUT,
  );
  let calls = 0;
  const call = (given: Answer | Promise<Answer>): Promise<Answer | undefined> =>
    lane.call(() => {
      calls += 1;
      return Promise.resolve(given);
    });
  const callAll = async (answers: readonly Answer[]): Promise<void> => {
    for (const given of answers) await call(given);
  };
  return { lane, told, call, callAll, calls: () => calls };
}

describe('the room of a lane', () => {
  it('is for as many as may call, and as many again that wait; a backlog leaves some of it', () => {
    const { lane } = aLane();
    expect(lane.room).toEqual({ all: 8, backlog: 6 });
    expect(lane.room).toEqual(usualRoom(LIMITS));
    for (let at = 0; at < 3; at += 1) lane.wait();
    lane.enter();
    expect(lane.room).toEqual({ all: 5, backlog: 3 });
    expect(lane.isIdle).toBe(false);
    lane.enter();
    lane.enter();
    for (let at = 0; at < 3; at += 1) lane.leave();
    expect(lane.room).toEqual({ all: 8, backlog: 6 });
    expect(lane.isIdle).toBe(true);
  });

  it('keeps its last places for deliveries that have just come due', () => {
    const { lane } = aLane();
    for (let at = 0; at < 3; at += 1) {
      expect([lane.hasPlaceFor(true), lane.hasPlaceFor(false)]).toEqual([true, true]);
      lane.wait();
      lane.enter();
    }
    expect([lane.hasPlaceFor(true), lane.hasPlaceFor(false)]).toEqual([false, true]);
    lane.wait();
    lane.enter();
    expect([lane.hasPlaceFor(true), lane.hasPlaceFor(false)]).toEqual([false, false]);
  });

  it('is none while the host is paused, then one, and all of it again', async () => {
    const { lane, callAll, call } = aLane();
    await callAll([TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT]);
    expect(lane.room).toEqual({ all: 0, backlog: 0 });
    expect(lane.restMs).toBeGreaterThan(0);
    // Those claimed before are let through, and refused at once.
    expect(lane.hasPlaceFor(true)).toBe(true);
    nowMs += OPEN_MS;
    expect(lane.restMs).toBe(0);
    expect(lane.room).toEqual({ all: 1, backlog: 1, isProbe: true });
    lane.wait();
    expect(lane.room).toEqual({ all: 0, backlog: 0 });
    lane.enter();
    await call(GOOD);
    lane.leave();
    expect(lane.room).toEqual(usualRoom(LIMITS));
  });
});

describe('the breaker of a lane', () => {
  it('pauses a host after a window full of failures, and makes no call', async () => {
    const { call, callAll, calls, told } = aLane();
    await callAll([TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT]);
    expect(await call(TIMEOUT)).toBeUndefined();
    expect(calls()).toBe(4);
    expect(told).toEqual(['open']);
  });

  it('goes on calling a host that answers', async () => {
    const { callAll, calls, told } = aLane();
    await callAll(Array.from({ length: 10 }, () => GOOD));
    expect([calls(), told]).toEqual([10, []]);
  });

  it.each<[string, Answer[], string[]]>([
    ['fewer failures than its threshold', [TIMEOUT, GOOD, GOOD, TIMEOUT, GOOD, GOOD, TIMEOUT], []],
    ['its threshold before a whole window is known', [TIMEOUT, TIMEOUT, TIMEOUT], []],
    ['its threshold among the last calls, with others between', [GOOD, TIMEOUT, TIMEOUT, TIMEOUT], ['open']],
    ['failures that have left the window', [TIMEOUT, TIMEOUT, GOOD, GOOD, TIMEOUT, GOOD], []],
  ])('counts in a window that moves: %s', async (_what, answers, expected) => {
    const { callAll, told } = aLane();
    await callAll(answers);
    expect(told).toEqual(expected);
  });

  it('tries a paused host with one call, delays nobody for it, and reports both changes once', async () => {
    const { call, callAll, calls, told } = aLane();
    await callAll([TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT]);
    nowMs += OPEN_MS;
    expect(await call(TIMEOUT)).toBe(TIMEOUT);
    expect(await call(TIMEOUT)).toBeUndefined();
    expect([calls(), told]).toEqual([5, ['open']]);
    nowMs += OPEN_MS;
    let settle: (given: Answer) => void = () => undefined;
    const probe = call(new Promise<Answer>((resolve) => (settle = resolve)));
    expect(await call(TIMEOUT)).toBeUndefined();
    settle(GOOD);
    expect(await probe).toBe(GOOD);
    expect(await call(GOOD)).toBe(GOOD);
    expect(told).toEqual(['open', 'closed']);
  });
});

describe('a paused host for which nothing is left', () => {
  function lanes() {
    const told: string[] = [];
    const all = new DeliveryLanes({
      limits: LIMITS,
      isFailure: (answer) => answer === TIMEOUT,
      onResting: (name) => told.push(`${name} rests`),
      onAnswering: (name) => told.push(`${name} answers`),
      onForgotten: (name) => told.push(`${name} is forgotten`),
    });
    const fail = async (): Promise<void> => {
      for (let call = 0; call < 4; call += 1) await all.of('a').call(() => Promise.resolve(TIMEOUT));
    };
    return { all, told, fail };
  }

  it('is forgotten after its last call, and then begins as any other one', async () => {
    const { all, told, fail } = lanes();
    await fail();
    nowMs += FORGET_MS - 1;
    expect([...all.rooms().keys()]).toEqual(['a']);
    // A call that tests it: from now on it counts anew.
    await all.of('a').call(() => Promise.resolve(TIMEOUT));
    nowMs += FORGET_MS - 1;
    expect([...all.rooms().keys()]).toEqual(['a']);
    expect(told).toEqual(['a rests']);
    nowMs += 1;
    expect([...all.rooms().keys()]).toEqual([]);
    expect(told).toEqual(['a rests', 'a is forgotten']);
    await fail();
    expect(told.slice(2)).toEqual(['a rests']);
  });

  it('is not forgotten while a call to it waits or is under way', async () => {
    const { all, told, fail } = lanes();
    await fail();
    all.of('a').wait();
    nowMs += FORGET_MS;
    all.rooms();
    all.of('a').enter();
    all.rooms();
    expect(told).toEqual(['a rests']);
    all.of('a').leave();
    all.rooms();
    expect(told).toEqual(['a rests', 'a is forgotten']);
  });
});
