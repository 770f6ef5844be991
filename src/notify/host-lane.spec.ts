import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../alipay-plus/exchange.js';
import { HostLane, type LaneAnswer } from './host-lane.js';

type Answer = Exchange<unknown>;

const answer = (outcome: Answer['outcome'], more: Partial<Answer> = {}): Answer => ({
  outcome,
  durationMs: 1,
  requestTime: '',
  keyVersion: '1',
  ...more,
});
const TIMEOUT = answer('unknown', { reason: 'timeout' });
const OPEN_MS = 60;

function aLane(limits: { concurrency?: number; failures?: number; openMs?: number } = {}) {
  const told: string[] = [];
  const lane = new HostLane(
    { concurrency: 2, failures: 3, openMs: OPEN_MS, ...limits },
    { onOpen: () => told.push('open'), onClosed: () => told.push('closed') },
  );
  let calls = 0;
  const call = (given: Answer | Promise<Answer>): Promise<LaneAnswer<Answer>> =>
    lane.call(() => {
      calls += 1;
      return Promise.resolve(given);
    });
  return { lane, told, call, calls: () => calls };
}

function delayOf(turnedAway: LaneAnswer<Answer>): number {
  if (turnedAway.called) throw new Error('it was called');
  return turnedAway.delayMs;
}

describe('HostLane', () => {
  it('lets no more calls through than it may, and spreads those it turns away', async () => {
    const { call, calls } = aLane();
    const pending: ((given: Answer) => void)[] = [];
    const slow = () => call(new Promise((resolve) => pending.push(resolve)));
    const [first, second] = [slow(), slow()];
    const turnedAway = await Promise.all([call(TIMEOUT), call(TIMEOUT), call(TIMEOUT)]);
    expect(turnedAway.map((one) => !one.called && one.why)).toEqual(Array(3).fill('host_busy'));
    const delays = turnedAway.map(delayOf);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(new Set(delays).size).toBe(3);
    expect(calls()).toBe(2);
    for (const resolve of pending) resolve(answer('accepted'));
    expect(await Promise.all([first, second])).toMatchObject([{ called: true }, { called: true }]);
    expect(await call(answer('accepted'))).toMatchObject({ called: true });
  });

  it.each([
    ['a timeout', TIMEOUT],
    ['a refused connection', answer('unknown', { reason: 'connection_refused' })],
    ['a page of HTML', answer('unknown', { reason: 'http_status', httpStatus: 502 })],
    ['an unsigned S', answer('unknown', { reason: 'unsigned' })],
    ['a refusal of our key', answer('rejected', { resultCode: 'INVALID_SIGNATURE' })],
  ])('leaves a host alone after %s in a row, and calls it no more', async (_what, given) => {
    const { call, calls, told } = aLane();
    for (let at = 0; at < 3; at += 1) expect(await call(given)).toMatchObject({ called: true });
    expect(await call(given)).toMatchObject({ called: false, why: 'host_resting' });
    expect(calls()).toBe(3);
    expect(told).toEqual(['open']);
  });

  it.each([
    ['U', answer('unknown', { reason: 'result_unknown' })],
    ['F', answer('rejected', { resultCode: 'PROCESS_FAIL' })],
    ['F for good', answer('rejected', { resultCode: 'REPEAT_REQ_INCONSISTENT' })],
    ['S', answer('accepted')],
  ])('goes on calling a host that answers a verified %s', async (_what, given) => {
    const { call, calls, told } = aLane();
    for (let at = 0; at < 10; at += 1) await call(given);
    expect([calls(), told]).toEqual([10, []]);
  });

  it('counts failures in a row only', async () => {
    const { call, told } = aLane();
    for (const given of [TIMEOUT, TIMEOUT, answer('accepted'), TIMEOUT, TIMEOUT]) await call(given);
    expect(told).toEqual([]);
  });

  it('tries a resting host with one call, keeps nobody waiting for it, and tells the two changes once', async () => {
    const { call, calls, told } = aLane();
    for (let at = 0; at < 3; at += 1) await call(TIMEOUT);
    await sleep(OPEN_MS + 10);
    await call(TIMEOUT);
    expect(await call(TIMEOUT)).toMatchObject({ called: false });
    expect([calls(), told]).toEqual([4, ['open']]);
    await sleep(OPEN_MS + 10);
    let settle: (given: Answer) => void = () => undefined;
    const probe = call(new Promise<Answer>((resolve) => (settle = resolve)));
    expect(await call(TIMEOUT)).toMatchObject({ called: false, why: 'host_resting' });
    settle(answer('accepted'));
    expect(await probe).toMatchObject({ called: true });
    expect(await call(answer('accepted'))).toMatchObject({ called: true });
    expect(told).toEqual(['open', 'closed']);
  });

  it('spreads thousands over a bounded time', async () => {
    const { call } = aLane({ failures: 1, openMs: 30_000 });
    await call(TIMEOUT);
    const delays: number[] = [];
    for (let at = 0; at < 5_000; at += 1) delays.push(delayOf(await call(TIMEOUT)));
    expect(Math.max(...delays)).toBeLessThanOrEqual(120_000);
    expect(new Set(delays).size).toBeGreaterThan(3_000);
  });
});
