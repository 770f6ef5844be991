import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';

/** For what was logged last, which would otherwise come after the collection. */
const WRITING_MS = 50;
/** How far above what is in use the heap may grow before it is collected as a whole, in per cent. */
const GROWTH_PERCENT = 20;

/**
 * Keeps the process small from the end of its start on. V8 lets the heap grow to several times what it once had to keep,
 * and it would take what only the start needed for that: parsed sources, metadata, the API document in the making.
 * What requests in flight hold outlives two small collections and is garbage after them too; with this it is given back. What
 * the further collections cost was lost in the noise of a busy machine.
 */
export async function keepHeapSmall(): Promise<void> {
  // Read by V8 at the end of each whole collection, of which the one below is the first.
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  // Nothing else is done for a tenth of a second or two; nobody who waits for the start need wait for that.
  await sleep(WRITING_MS);
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
