import { setTimeout as sleep } from 'node:timers/promises';

/** Many times what the slowest of these states takes on a busy machine: a recovering server that becomes ready. */
const LIMIT_MS = 150_000;

/** Waits for a state. The limit does not measure speed, it only ends a test whose state never comes. */
export async function waitUntil(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${LIMIT_MS / 1000} s in vain until ${what}`);
    await sleep(20);
  }
}
