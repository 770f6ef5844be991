import { setTimeout as sleep } from 'node:timers/promises';
import { Poker } from './poker.js';

/** Pokes that end when the test says so. */
function aPoker(gapMs = 20) {
  const turns: number[] = [];
  const ends: ((arrived: boolean) => void)[] = [];
  const poker = new Poker((turn) => {
    turns.push(turn);
    return new Promise((resolve) => ends.push(resolve));
  }, gapMs);
  return { poker, turns, ends };
}

describe('Poker', () => {
  it('pokes at once when nothing is under way', async () => {
    const { poker, turns, ends } = aPoker();
    const asked = poker.ask();
    await Promise.resolve();
    await Promise.resolve();
    expect(turns).toEqual([1]);
    ends[0]?.(true);
    expect(await asked).toBe(true);
  });

  it('makes one poke of all that come while one is under way, and begins it afterwards', async () => {
    const { poker, turns, ends } = aPoker();
    const first = poker.ask();
    await sleep(5);
    const others = Array.from({ length: 100 }, () => poker.ask());
    await sleep(60);
    expect(turns).toEqual([1]);
    ends[0]?.(true);
    expect(await first).toBe(true);
    while (turns.length < 2) await sleep(5);
    ends[1]?.(false);
    expect(new Set(await Promise.all(others))).toEqual(new Set([false]));
    expect(turns).toEqual([1, 2]);
  });

  it('goes on after a poke that failed', async () => {
    let fails = true;
    const poker = new Poker(async () => {
      if (fails) throw new Error('not this time');
      return true;
    }, 5);
    await expect(poker.ask()).rejects.toThrow('not this time');
    fails = false;
    expect(await poker.ask()).toBe(true);
  });
});
