import { meanOf, type Work } from './figures.js';

export type Turn<Figures> = Readonly<Record<Work, Figures>>;

export const WARM_UP = 'warm-up';

/**
 * Two contenders in rounds: one, the other, the other again, and the one again. A contender that follows itself finds
 * its code and its rows in the processor's caches, and one that follows the other does not; so each does both in every
 * round, and what it came to on average counts. A round before the first only warms up: caches, pools and compiled
 * code.
 */
export async function roundsOfTwo<Contender, Figures extends Readonly<Record<keyof Figures, number>>>(
  [one, other]: readonly [Contender, Contender],
  rounds: number,
  turnOf: (contender: Contender, when: string) => Promise<Turn<Figures>>,
): Promise<[one: Record<Work, Figures[]>, other: Record<Work, Figures[]>]> {
  const ofOne: Record<Work, Figures[]> = { scan: [], confirm: [] };
  const ofOther: Record<Work, Figures[]> = { scan: [], confirm: [] };
  for (let number = 0; number <= rounds; number += 1) {
    const when = number === 0 ? WARM_UP : `round ${number}`;
    const first = await turnOf(one, when);
    const second = await turnOf(other, when);
    const third = await turnOf(other, when);
    const fourth = await turnOf(one, when);
    if (number === 0) continue;
    for (const work of ['scan', 'confirm'] as const) {
      ofOne[work].push(meanOf(first[work], fourth[work]));
      ofOther[work].push(meanOf(second[work], third[work]));
    }
  }
  return [ofOne, ofOther];
}
