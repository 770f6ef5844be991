import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseBusy, GroupedWrites, type GroupRules } from './grouped-writes.js';

const RULES = { most: 10, lingerMs: 5 };
const AT_ONCE = { most: 10, atOnce: 2 };
const refusal = (): Error => Object.assign(new Error('refused'), { code: '22P05' });
const broken = (): Error => Object.assign(new Error('broken'), { code: 'ECONNRESET' });

function recorded(
  write: (items: readonly number[]) => Promise<readonly string[]>,
  rules: GroupRules = RULES,
) {
  const groups: (readonly number[])[] = [];
  const writes = new GroupedWrites<number, string>((items) => {
    groups.push(items);
    return write(items);
  }, rules);
  return { writes, groups };
}

const told = async (items: readonly number[]): Promise<string[]> => items.map((item) => `wrote ${item}`);

describe('GroupedWrites', () => {
  it('writes what comes together in one group, and gives each caller its own result', async () => {
    const { writes, groups } = recorded(told);
    const results = await Promise.all([1, 2, 3].map((item) => writes.write(item)));
    expect(results).toEqual(['wrote 1', 'wrote 2', 'wrote 3']);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  it('collects the next group while one is being written, up to its limit', async () => {
    let finish: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (finish = resolve));
    const { writes, groups } = recorded(async (items) => {
      if (items.includes(0)) await first;
      return told(items);
    });
    const all = [writes.write(0)];
    while (groups.length === 0) await sleep(2);
    for (let item = 1; item <= 25; item += 1) all.push(writes.write(item));
    await sleep(20);
    expect(groups).toHaveLength(1);
    finish();
    await Promise.all(all);
    expect(groups.map((group) => group.length)).toEqual([1, 10, 10, 5]);
  });

  it('writes the others when the database refuses one', async () => {
    const { writes, groups } = recorded(async (items) => {
      if (items.includes(2)) throw refusal();
      return told(items);
    });
    const ends = await Promise.allSettled([1, 2, 3].map((item) => writes.write(item)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('writes nothing a second time when nobody knows whether the first was committed', async () => {
    const { writes, groups } = recorded(async () => {
      throw broken();
    });
    const ends = await Promise.allSettled([1, 2].map((item) => writes.write(item)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(groups).toEqual([[1, 2]]);
  });

  it('goes on after a group that failed', async () => {
    const { writes } = recorded(async (items) => {
      if (items.includes(1)) throw broken();
      return told(items);
    });
    await expect(writes.write(1)).rejects.toThrow('broken');
    expect(await writes.write(2)).toBe('wrote 2');
  });

  it('without a delay sends at once what comes in one turn of the event loop', async () => {
    const { writes, groups } = recorded(told, AT_ONCE);
    await Promise.all([1, 2, 3, 4, 5].map((item) => writes.write(item)));
    expect(groups).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('uses all connections for more than one group holds', async () => {
    let finish: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (finish = resolve));
    const { writes, groups } = recorded(
      async (items) => {
        await all;
        return told(items);
      },
      { most: 2, atOnce: 2, patienceMs: 200 },
    );
    const written = [1, 2, 3, 4, 5].map((item) => writes.write(item));
    // The last one waits in vain for a connection, and is refused although nobody comes after it.
    await expect(written[4]).rejects.toThrow(DatabaseBusy);
    expect(groups).toEqual([
      [1, 2],
      [3, 4],
    ]);
    finish();
    expect(await Promise.all(written.slice(0, 4))).toEqual([1, 2, 3, 4].map((item) => `wrote ${item}`));
  });

  it('goes on beside a group that does not end', async () => {
    const never = new Promise<never>(() => undefined);
    const { writes, groups } = recorded((items) => (items.includes(0) ? never : told(items)), AT_ONCE);
    void writes.write(0);
    while (groups.length === 0) await sleep(2);
    expect(await Promise.all([1, 2, 3].map((item) => writes.write(item)))).toHaveLength(3);
    expect(await writes.write(4)).toBe('wrote 4');
    expect(groups).toEqual([[0], [1, 2, 3], [4]]);
  });

  it('refuses a caller who waited in vain as busy, and keeps those who have just come', async () => {
    let finish: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (finish = resolve));
    const { writes, groups } = recorded(
      async (items) => {
        if (items.includes(0)) await stuck;
        return told(items);
      },
      { most: 10, patienceMs: 200 },
    );
    const first = writes.write(0);
    while (groups.length === 0) await sleep(2);
    await expect(writes.write(1)).rejects.toMatchObject({ code: 'DATABASE_BUSY', retry: 'later' });
    const second = writes.write(2);
    finish();
    expect(await Promise.all([first, second])).toEqual(['wrote 0', 'wrote 2']);
    expect(groups).toEqual([[0], [2]]);
  });
});
