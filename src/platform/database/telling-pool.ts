import pg from 'pg';

/** The event of a pool that could not make a connection; its listeners get the error. */
export const UNCONNECTED = 'unconnected';
/** The pool of `pg` throws this while all its connections are in use, which says nothing about the server. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

type Taken = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void;

/** A pool that also tells whoever watches it when the server cannot be reached; that of `pg` tells its caller only. */
export class TellingPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Taken): void;
  override connect(callback?: Taken): Promise<pg.PoolClient> | void {
    if (callback === undefined) return this.connectAndTell();
    super.connect((error, client, done) => {
      if (error) this.tell(error);
      callback(error, client, done);
    });
  }

  private async connectAndTell(): Promise<pg.PoolClient> {
    try {
      return await super.connect();
    } catch (error) {
      this.tell(error);
      throw error;
    }
  }

  private tell(error: unknown): void {
    if (!this.ending && !(error instanceof Error && error.message === ALL_IN_USE))
      this.emit(UNCONNECTED, error);
  }
}
