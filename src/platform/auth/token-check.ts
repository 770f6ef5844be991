import type { Principal } from './principal.js';

/** What a token proves. `unknown` is not `refused`: whoever could have told did not answer. */
export type TokenCheck =
  | { readonly outcome: 'known'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly cause: unknown };
