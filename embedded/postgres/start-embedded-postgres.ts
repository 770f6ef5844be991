import { resolve } from 'node:path';
import { KeeperProcess } from './keeper-process.js';

export interface EmbeddedPostgresOptions {
  /** Its parent holds the password, the server's log and, when the data had to go elsewhere, the place. */
  readonly dataDirectory: string;
  readonly log: (message: string) => void;
  /** False gives up crash safety for speed: for tests only. */
  readonly durable?: boolean;
  /** Everything is deleted when the server ends, also after a kill: for tests only. */
  readonly disposable?: boolean;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Ends the server; its data stays. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server for this program, or throws an `EmbeddedPostgresError` that tells the user what to do.
 * The server ends with this program, however that ends.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const launch = (): Promise<KeeperProcess> =>
    KeeperProcess.launch(
      {
        dataDirectory: resolve(options.dataDirectory),
        ownerPid: process.pid,
        durable: options.durable ?? true,
        disposable: options.disposable ?? false,
      },
      options.log,
    );
  const first = await launch();
  let current = Promise.resolve(first);
  let isStopping = false;
  const replaceWhenKilled = async (keeper: KeeperProcess): Promise<void> => {
    const isServerAlone = await keeper.exited;
    if (isStopping || !isServerAlone) return;
    // Its server still runs, but nothing would end it with us. The next keeper starts one on the same port.
    options.log('the keeper of the embedded PostgreSQL is gone; another one takes over');
    current = launch();
    await current.then(replaceWhenKilled, () => undefined);
  };
  void replaceWhenKilled(first);
  return {
    url: first.url,
    stop: async () => {
      isStopping = true;
      await current.then(
        (keeper) => keeper.stop(),
        () => undefined,
      );
    },
  };
}
