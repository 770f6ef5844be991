import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { LeasedLimit, MOST_LEASES, type Standing } from './leased-limit.js';

let questions = 0;
/** The library's own limiter, which counts in memory, as the store of several processes. */
function storeOf(points: number): RateLimiterAbstract {
  questions = 0;
  const store = new RateLimiterMemory({ points, duration: 60 });
  const consume = store.consume.bind(store);
  store.consume = (...asked) => {
    questions += 1;
    return consume(...asked);
  };
  return store;
}

async function within(limits: readonly LeasedLimit[], calls: number, key = 'k'): Promise<Standing[]> {
  const all = Array.from({ length: calls }, (_, at) => limits[at % limits.length]?.consume(key));
  const standings = await Promise.all(all.map((one) => Promise.resolve(one)));
  return standings.filter((one): one is Standing => one?.isExceeded === false);
}

describe('a limit that several processes count', () => {
  it('lets so many pass and no more, to a hundredth in each process', async () => {
    const store = storeOf(1_000);
    const processes = [new LeasedLimit(store), new LeasedLimit(store), new LeasedLimit(store)];
    const passed = await within(processes, 3_000);
    expect(passed.length).toBeLessThanOrEqual(1_030);
    expect(passed.length).toBeGreaterThan(970);
    expect(questions).toBeLessThan(200);
  });

  it('does not ask its store about the first requests of a caller, and tells it of them with the next ones', async () => {
    const store = storeOf(1_000);
    const limit = new LeasedLimit(store, (key) => `as ${key}`);
    expect(limit.consume('k')).toMatchObject({ isExceeded: false, limit: 1_000, remaining: 999 });
    expect(await within([limit], 9)).toHaveLength(9);
    expect(questions).toBe(0);
    expect(await limit.consume('k')).toMatchObject({ remaining: 989 });
    expect(questions).toBe(1);
    expect((await store.get('as k'))?.consumedPoints).toBe(20);
  });

  it('keeps so many callers in memory, and forgets the oldest of them only', () => {
    const limit = new LeasedLimit(storeOf(1_000));
    const remaining = (key: string) => limit.consume(key) as Standing;
    for (const key of ['first', 'second']) expect(remaining(key)).toMatchObject({ remaining: 999 });
    for (let at = 2; at < MOST_LEASES; at += 1) remaining(`other ${at}`);
    expect(remaining('first')).toMatchObject({ remaining: 998 });
    remaining('one more');
    expect(remaining('second')).toMatchObject({ remaining: 998 });
    expect(remaining('first')).toMatchObject({ remaining: 999 });
  });

  it('is exact where it is small', async () => {
    const store = storeOf(5);
    expect(await within([new LeasedLimit(store), new LeasedLimit(store)], 40)).toHaveLength(5);
  });

  it('tells what is left and when the window begins anew', async () => {
    const limit = new LeasedLimit(storeOf(3));
    expect(await limit.consume('k')).toMatchObject({ isExceeded: false, limit: 3, remaining: 2 });
    await within([limit], 5);
    const told = await limit.consume('k');
    expect(told).toMatchObject({ isExceeded: true, remaining: 0 });
    expect(told.resetSeconds).toBeGreaterThan(0);
    expect(limit.isExceeded('k')).toMatchObject({ isExceeded: true });
    expect(limit.isExceeded('other')).toBeUndefined();
  });

  it('refuses one caller for itself only', async () => {
    const limit = new LeasedLimit(storeOf(2));
    expect(await within([limit], 10, 'greedy')).toHaveLength(2);
    expect(await within([limit], 2, 'modest')).toHaveLength(2);
  });

  it('refuses nobody because its store fails', async () => {
    const store = storeOf(2);
    store.consume = () => Promise.reject(new Error('away'));
    expect(await within([new LeasedLimit(store)], 10)).toHaveLength(10);
  });
});
