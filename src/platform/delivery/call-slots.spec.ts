import { DeliveryLane } from './delivery-lane.js';
import { CallSlots } from './call-slots.js';

const silent = { onOpen: () => undefined, onClosed: () => undefined };
const aLane = (concurrency: number, reserve = 0) =>
  new DeliveryLane(
    { concurrency, reserve, window: 10, failures: 10, openMs: 1_000, forgetMs: 1 },
    silent,
    () => false,
  );

/** Records each call when it may begin. */
function aWorker(concurrency: number, reserve = 0) {
  const slots = new CallSlots({ concurrency, reserve });
  const begun: string[] = [];
  const enter = (name: string, lane: DeliveryLane, isBacklog = false): void => {
    void slots.enter(lane, isBacklog).then(() => begun.push(name));
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { slots, begun, enter, settled };
}

describe('CallSlots', () => {
  it('has no more calls at a time than allowed, and starts waiting ones in their order', async () => {
    const { slots, begun, enter, settled } = aWorker(2);
    const lane = aLane(5);
    for (const name of ['a', 'b', 'c', 'd']) enter(name, lane);
    await settled();
    expect(begun).toEqual(['a', 'b']);
    slots.leave(lane);
    slots.leave(lane);
    await settled();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('skips those whose host is busy', async () => {
    const { slots, begun, enter, settled } = aWorker(3);
    const [slow, other] = [aLane(1), aLane(3)];
    for (const name of ['slow 1', 'slow 2', 'slow 3']) enter(name, slow);
    enter('other', other);
    await settled();
    expect(begun).toEqual(['slow 1', 'other']);
    slots.leave(slow);
    await settled();
    expect(begun).toEqual(['slow 1', 'other', 'slow 2']);
  });

  it('starts a call that has just come due before a backlog, which leaves it a slot', async () => {
    const { slots, begun, enter, settled } = aWorker(3, 1);
    const lane = aLane(3);
    for (const name of ['old 1', 'old 2', 'old 3', 'old 4']) enter(name, lane, true);
    await settled();
    expect(begun).toEqual(['old 1', 'old 2']);
    enter('fresh 1', lane);
    enter('fresh 2', lane);
    await settled();
    expect(begun).toEqual(['old 1', 'old 2', 'fresh 1']);
    slots.leave(lane);
    await settled();
    expect(begun).toEqual(['old 1', 'old 2', 'fresh 1', 'fresh 2']);
  });

  it('requests as many again as there are slots, and only when half of those are gone', async () => {
    const { slots, enter, settled } = aWorker(4);
    const lane = aLane(4);
    expect(slots.wanted).toBe(8);
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) enter(name, lane);
    await settled();
    expect([slots.taken, slots.wanted]).toEqual([7, 0]);
    slots.leave(lane);
    expect([slots.taken, slots.wanted]).toEqual([6, 2]);
  });

  it('requests fresh ones although enough of a backlog waits, up to a limit', async () => {
    const { slots, enter, settled } = aWorker(4);
    const lane = aLane(4);
    expect(slots.wantedFresh).toBe(2);
    for (let at = 1; at <= 11; at += 1) enter(String(at), lane, true);
    await settled();
    expect([slots.taken, slots.wanted, slots.wantedFresh]).toEqual([11, 0, 1]);
    enter('12', lane);
    expect(slots.wantedFresh).toBe(0);
  });
});
