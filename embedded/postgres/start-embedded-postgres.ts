import { resolve } from 'node:path';
import { KeeperProcess } from './keeper-process.js';

export interface EmbeddedPostgresOptions {
  /** Its parent has the password, the server's log and, when the data had to be elsewhere, a note of the place. */
  readonly dataDirectory: string;
  readonly log: (message: string) => void;
  /** False gives up crash safety for speed: for tests only. */
  readonly durable?: boolean;
  /** Everything is deleted when the server ends, also after a kill: for tests only. */
  readonly disposable?: boolean;
  /** Aborted when the server is no longer wanted while it starts. */
  readonly signal?: AbortSignal | undefined;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /**
   * Ends the server; its data stays. May be called more than once.
   *
   * @throws EmbeddedPostgresError naming what did not end
   */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server for this program, or throws an `EmbeddedPostgresError` that tells the user what to do.
 * The server ends with this program, however that ends.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const launch = (): KeeperProcess =>
    new KeeperProcess(
      {
        dataDirectory: resolve(options.dataDirectory),
        ownerPid: process.pid,
        durable: options.durable ?? true,
        disposable: options.disposable ?? false,
      },
      options.log,
    );
  options.signal?.throwIfAborted();
  let current = launch();
  const url = await readyUnless(options.signal, current);
  let isStopping = false;
  const replaceWhenKilled = async (): Promise<void> => {
    const isServerAlone = await current.exited;
    if (isStopping || !isServerAlone) return;
    // Its server still runs, but would not end with us. The next keeper starts one on the same port.
    options.log('the keeper of the embedded PostgreSQL is gone; another one takes over');
    current = launch();
    await current.ready.then(replaceWhenKilled, (error: Error) => options.log(error.message));
  };
  void replaceWhenKilled();
  return {
    url,
    stop: () => {
      isStopping = true;
      return current.stop();
    },
  };
}

/** An abandoned start is a stop: its keeper ends what it has begun, and only then the start rejects. */
async function readyUnless(signal: AbortSignal | undefined, keeper: KeeperProcess): Promise<string> {
  let stopping: Promise<void> | undefined;
  const giveUp = (): void => {
    stopping = keeper.stop();
    // The caller that waits for the start gets this rejection below.
    stopping.catch(() => undefined);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const url = await keeper.ready;
    if (stopping === undefined) return url;
    await stopping;
    throw signal?.reason;
  } catch (error) {
    await stopping;
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
