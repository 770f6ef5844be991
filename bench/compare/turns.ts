/**
 * Calls each of these in every turn and keeps what came of it, but for the first turn, which only warms up caches, pools
 * and compiled code. Whoever is second finds a machine that has just been busy; it is another one each time.
 */
export async function inTurns<Contender, Turn>(
  contenders: readonly Contender[],
  rounds: number,
  turnOf: (contender: Contender, name: string) => Promise<Turn>,
): Promise<Turn[][]> {
  const turns = contenders.map(() => new Array<Turn>());
  for (let number = 0; number <= rounds; number += 1) {
    const order = [...contenders.entries()];
    for (const [at, contender] of number % 2 === 0 ? order : order.toReversed()) {
      const turn = await turnOf(contender, number === 0 ? 'warm-up' : `round ${number}`);
      if (number > 0) turns[at]?.push(turn);
    }
  }
  return turns;
}
