import { Connections } from '../database/connections.js';
import { simulate, type Simulated } from '../simulation.js';
import { CODE_MUTANTS } from './code-mutants.js';
import type { Mutant } from './mutant.js';
import { SQL_MUTANTS } from './sql-mutants.js';

export const MUTANTS: readonly Mutant[] = [...SQL_MUTANTS, ...CODE_MUTANTS];

export interface Hunt {
  readonly mutant: Mutant;
  /** How many histories it took. */
  readonly histories: number;
  /** The history that shows the mistake, by one of its guarantees. */
  readonly caught?: Simulated;
  /** A history that broke another guarantee, when none of those was broken. */
  readonly other?: Simulated;
}

/**
 * Runs one seed after another with the mistake until a guarantee breaks.
 *
 * @param url a database for this mistake alone, with a clock to set
 */
export async function hunt(
  url: string,
  mutant: Mutant,
  limits: { readonly firstSeed: number; readonly seeds: number; readonly scans: number },
): Promise<Hunt> {
  const connections = await Connections.open(url);
  try {
    if (mutant.mistake.schema !== undefined) await connections.change(mutant.mistake.schema);
    let other: Simulated | undefined;
    for (let at = 0; at < limits.seeds; at += 1) {
      const { scans } = limits;
      const simulated = await simulate(connections, {
        seed: limits.firstSeed + at,
        scans,
        mistake: mutant.mistake,
      });
      if (!simulated.violation) continue;
      if (mutant.caughtBy.includes(simulated.violation.guarantee)) {
        return { mutant, histories: at + 1, caught: simulated };
      }
      other ??= simulated;
    }
    return { mutant, histories: limits.seeds, ...(other ? { other } : {}) };
  } finally {
    await connections.close();
  }
}
