import type { IQueueBackend } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AskListener } from './queue-backend.js';

const ASK_AGAIN_MS = 500;

/**
 * Makes a worker wait a moment after it could not ask for a job. BullMQ does so only when the connection was refused;
 * a server that is starting, full or read-only it would ask again at once, thousands of times a second.
 *
 * @param asked called for every query that was answered, with a job or with none, and for every one that failed
 */
export function patient<Backend extends IQueueBackend>(
  backend: Backend,
  asked: AskListener = () => undefined,
  pause: () => Promise<void> = () => sleep(ASK_AGAIN_MS),
): Backend {
  const ask = backend.moveToActive.bind(backend);
  backend.moveToActive = async (token, name) => {
    try {
      const answer = await ask(token, name);
      asked();
      return answer;
    } catch (error) {
      asked(error);
      await pause();
      throw error;
    }
  };
  return backend;
}
