import type { Mistake } from '../world/world.js';

/** A possible mistake, and the guarantees that may catch it. */
export interface Mutant {
  readonly name: string;
  /** Its description in the report. */
  readonly what: string;
  readonly caughtBy: readonly number[];
  readonly mistake: Mistake;
}

/** Replaces a part of a statement; throws when the part is missing, because the mutant would then change nothing. */
export function without(piece: string, instead = ''): (text: string) => string {
  return (text) => {
    if (!text.includes(piece)) throw new Error(`a mutant no longer finds: ${piece}`);
    return text.replaceAll(piece, instead);
  };
}
