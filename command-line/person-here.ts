import { userInfo } from 'node:os';

/**
 * Who is at the command line, for the records of what they do. A container may run with a user id that has no name; then
 * the number stands for it.
 *
 * @param nameOf throws where the user has no name
 */
export function personHere(nameOf: () => string = () => userInfo().username): string {
  try {
    return nameOf();
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
