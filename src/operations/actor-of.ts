import type { Principal } from '../platform/auth/principal.js';

/** Who acts, as it is written down: the token's name, and the person when the token was made for one. */
export function actorOf({ name, subject }: Principal): string {
  const person = subject === undefined || subject === name ? '' : `/${subject}`;
  return `operator:${name}${person}`;
}
