import type { IQueueBackend } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_AGAIN_MS = 500;

/**
 * Makes a worker wait a moment after it could not ask for a job. BullMQ does so only when the connection was refused;
 * a server that is starting, full or read-only it would ask again at once, thousands of times a second.
 */
export function patient<Backend extends IQueueBackend>(
  backend: Backend,
  pause: () => Promise<void> = () => sleep(ASK_AGAIN_MS),
): Backend {
  const ask = backend.moveToActive.bind(backend);
  backend.moveToActive = async (token, name) => {
    try {
      return await ask(token, name);
    } catch (error) {
      await pause();
      throw error;
    }
  };
  return backend;
}
