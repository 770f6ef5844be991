import { Session } from 'node:inspector/promises';

/**
 * Gives back what only the start needed: parsed sources, metadata on their way into tables, the API document in the making.
 * V8 would keep it until its heap has grown to several times what the service lives on, and size everything after that.
 */
export async function dropStartGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
