import pg from 'pg';
import type { Hosts } from './hosts.js';
import { PrimaryFinder } from './primary-finder.js';

type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/**
 * The class of the connections of a pool whose address names several hosts: each finds the one that takes writes just
 * before it connects, so that after a promotion new connections go to the new primary by themselves.
 */
export function clientOfPrimary(hosts: Hosts): typeof pg.Client {
  const finder = new PrimaryFinder(hosts);
  return class PrimaryClient extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | void {
      if (callback === undefined) return this.toPrimary().then(() => super.connect());
      void this.connectAndTell(callback);
    }

    /** As the pool of `pg` connects. */
    private async connectAndTell(callback: Connected): Promise<void> {
      try {
        await this.toPrimary();
      } catch (error) {
        callback(error as never, undefined as never); // either form of it takes an error first
        return;
      }
      super.connect(callback);
    }

    /** `pg` reads both when it connects. */
    private async toPrimary(): Promise<void> {
      const { host, port } = await finder.find();
      Object.assign(this, { host, port });
    }
  };
}
