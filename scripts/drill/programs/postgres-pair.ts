import { join } from 'node:path';
import { PostgresNode } from './postgres-node.js';

/** The commits that a payer may rely on: those that both servers have, or those of the primary alone. */
export type Replication = 'synchronous' | 'asynchronous';

export interface PairOptions {
  /** Of its own; its servers are made below it. */
  readonly directory: string;
  readonly log: (text: string) => void;
  readonly replication: Replication;
}

/** A primary and a standby that follows it, as a database that may fail over. */
export class PostgresPair {
  static async start({ directory, log, replication }: PairOptions): Promise<PostgresPair> {
    const primary = await PostgresNode.make(join(directory, 'node-1'), log);
    const pair = new PostgresPair(directory, replication, primary);
    try {
      await pair.attachStandby();
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  private standby: PostgresNode | undefined;
  private made = 1;

  private constructor(
    private readonly directory: string,
    private readonly replication: Replication,
    private current: PostgresNode,
  ) {}

  get primary(): PostgresNode {
    return this.current;
  }

  get follower(): PostgresNode {
    if (this.standby === undefined) throw new Error('there is no standby at the moment');
    return this.standby;
  }

  /** Kills the primary, keeps it from coming back, and promotes the standby. Resolves when that accepts writes. */
  async failOver(): Promise<void> {
    const { follower } = this;
    await this.current.killAndFence();
    await follower.ask('select pg_promote(true, 60)');
    await follower.askPatiently('select 1 where not pg_is_in_recovery()');
    this.current = follower;
    this.standby = undefined;
  }

  /** Makes a new standby for one that is gone or was promoted. Resolves when it is complete. */
  async attachStandby(): Promise<PostgresNode> {
    this.made += 1;
    this.standby = await this.current.makeStandby(join(this.directory, `node-${this.made}`));
    await this.current.askPatiently(`select 1 from pg_stat_replication where state = 'streaming'`);
    if (this.replication === 'synchronous') {
      await this.current.ask(`alter system set synchronous_standby_names = '*'`);
      await this.current.ask('select pg_reload_conf()');
      await this.current.askPatiently(`select 1 from pg_stat_replication where sync_state = 'sync'`);
    }
    return this.standby;
  }

  async stop(): Promise<void> {
    // The primary would wait for a standby that is gone.
    await this.current.stop('SIGQUIT');
    await this.standby?.stop('SIGQUIT');
  }
}
