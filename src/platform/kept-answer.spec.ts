import { KeptAnswer } from './kept-answer.js';

/** A clock, and a computation that takes this long. */
function aQuestion(costMs: number, mostMs?: number) {
  let nowMs = 0;
  let asked = 0;
  const kept = new KeptAnswer(
    async () => {
      nowMs += costMs;
      asked += 1;
      return asked;
    },
    mostMs,
    () => nowMs,
  );
  return { kept, pass: (ms: number) => (nowMs += ms), asked: () => asked };
}

describe('a kept answer', () => {
  it('is made once for all who need it at the same time', async () => {
    const { kept, asked } = aQuestion(1);
    expect(await Promise.all([kept.look(), kept.look(), kept.look()])).toEqual([1, 1, 1]);
    expect(asked()).toBe(1);
  });

  it.each([
    [1, 3_000],
    [500, 10_000],
    [9_000, 180_000],
  ])('that took %i ms to make is kept for %i ms', async (costMs, keptMs) => {
    const { kept, pass } = aQuestion(costMs);
    expect(await kept.look()).toBe(1);
    pass(keptMs - 1);
    expect(await kept.look()).toBe(1);
    pass(1);
    expect(await kept.look()).toBe(2);
  });

  it('is not kept longer than its caller allows, whatever it cost', async () => {
    const { kept, pass } = aQuestion(9_000, 15_000);
    expect(await kept.look()).toBe(1);
    pass(15_000);
    expect(await kept.look()).toBe(2);
  });

  it('that failed is tried again at once', async () => {
    let tries = 0;
    const kept = new KeptAnswer(async () => {
      tries += 1;
      if (tries === 1) throw new Error('away');
      return tries;
    });
    const both = await Promise.allSettled([kept.look(), kept.look()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await kept.look()).toBe(2);
  });
});
