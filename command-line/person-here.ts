import { userInfo } from 'node:os';

/**
 * Who is at the command line, for the records of what they do. A container may run with a user id that has no name; then
 * the number stands for it.
 */
export function personHere(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
