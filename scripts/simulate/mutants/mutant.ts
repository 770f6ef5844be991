import type { Mistake } from '../world/world.js';

/** A possible mistake, and the guarantees that may catch it. */
export interface Mutant {
  readonly name: string;
  /** In words, for the report. */
  readonly what: string;
  readonly caughtBy: readonly number[];
  readonly mistake: Mistake;
}

/** Replaces a piece of a statement; a piece that is not there any more would make the mutant harmless unseen. */
export function without(piece: string, instead = ''): (text: string) => string {
  return (text) => {
    if (!text.includes(piece)) throw new Error(`a mutant no longer finds: ${piece}`);
    return text.replaceAll(piece, instead);
  };
}
