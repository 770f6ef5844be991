import { setImmediate as nextTurn } from 'node:timers/promises';
import { Turns } from './turns.js';

/** What had begun by the end of each turn of the event loop. */
async function begunByTurn(turns: Turns, pieces: readonly (() => void)[]): Promise<number[]> {
  let begun = 0;
  for (const piece of pieces)
    turns.take(() => {
      begun += 1;
      piece();
    });
  const seen = [begun];
  while (begun < pieces.length) {
    await nextTurn();
    seen.push(begun);
  }
  return seen;
}

const nothing = (): void => undefined;

describe('work that comes together', () => {
  it('begins one a turn where a turn may take no time, the first at once', async () => {
    const seen = await begunByTurn(new Turns(0), [nothing, nothing, nothing]);
    expect(seen[0]).toBe(1);
    for (const [at, begun] of seen.entries()) expect(begun - (seen[at - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  it('begins at once while the turn has time', async () => {
    expect(await begunByTurn(new Turns(600_000), [nothing, nothing, nothing])).toEqual([3]);
  });

  it('begins one a turn while there is a rush, and then as many as there is time for', async () => {
    let isRushed = true;
    const turns = new Turns(600_000, () => isRushed);
    const seen = await begunByTurn(turns, [nothing, nothing, nothing]);
    for (const [at, begun] of seen.entries()) expect(begun - (seen[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    isRushed = false;
    await nextTurn();
    expect(await begunByTurn(turns, [nothing, nothing, nothing])).toEqual([3]);
  });

  it('waits behind what waits, in the order in which it came', async () => {
    const turns = new Turns(0);
    const order: number[] = [];
    for (const at of [0, 1, 2]) turns.take(() => order.push(at));
    await nextTurn();
    await new Promise<void>((resolve) =>
      turns.take(() => {
        order.push(3);
        resolve();
      }),
    );
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('begins again at once when nothing waits any more', async () => {
    const turns = new Turns(0);
    await begunByTurn(turns, [nothing, nothing]);
    // The turn of the last one is over as well.
    await nextTurn();
    await nextTurn();
    expect((await begunByTurn(turns, [nothing])).at(0)).toBe(1);
  });

  it('counts what a piece of work does in its promises as its own', async () => {
    const turns = new Turns(5);
    const order: string[] = [];
    const piece = (name: string) => (): void =>
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => order.push(name));
    // Takes the whole turn, so that the others wait for theirs.
    turns.take(() => {
      const began = performance.now();
      while (performance.now() - began < 5);
    });
    turns.take(piece('first'));
    await new Promise<void>((resolve) =>
      turns.take(() => {
        order.push('second');
        resolve();
      }),
    );
    expect(order).toEqual(['first', 'second']);
  });
});
