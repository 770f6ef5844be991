import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a state. The limit is no measure of speed, it only ends a test whose state never comes. */
export async function waitUntil(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain until ${what}`);
    await sleep(20);
  }
}
