import { readDatetime } from '../wire/datetime.js';

const EPOCH_MS = /^\d{13}$/;

/**
 * Reads the time header in every spelling that has been seen, epoch milliseconds included. Only for judging how old a
 * message is: what is signed and verified is the literal text.
 */
export function readHeaderTime(text: string): Date | undefined {
  return EPOCH_MS.test(text) ? new Date(Number(text)) : readDatetime(text);
}
