import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import type { PostgresNode } from '../programs/postgres-node.js';
import { PostgresPair } from '../programs/postgres-pair.js';
import { TcpGate } from '../programs/tcp-gate.js';
import type { LogFolder } from './log-folder.js';
import type { Undo } from './undo.js';

export interface DrillPostgresOptions {
  /** The shared server; with a pair the records are not on it. */
  readonly serverUrl: string;
  /** A primary and a synchronous standby, so that it may fail over. */
  readonly isPaired: boolean;
  readonly folder: LogFolder;
}

/** One gate for the service, and another one that is never shut, for the drill's own queries. */
interface Way {
  readonly gate: TcpGate;
  readonly eyes: TcpGate;
}

/** PostgreSQL as the service reaches it: through gates that can fall silent, with one server or two. */
export class DrillPostgres {
  static async start(
    { serverUrl, isPaired, folder }: DrillPostgresOptions,
    undo: Undo,
  ): Promise<DrillPostgres> {
    const pair = isPaired ? await startPair(folder, undo) : undefined;
    const urls = pair === undefined ? [serverUrl] : [pair.primary.url, pair.follower.url];
    const ways = await Promise.all(urls.map(wayTo));
    const postgres = new DrillPostgres(urls[0] ?? serverUrl, ways, pair);
    undo.add(() => postgres.close());
    return postgres;
  }

  /** The new standby of the last failover. */
  private attaching: Promise<unknown> = Promise.resolve();
  private forgetting: NodeJS.Timeout | undefined;
  /** The index of the gates that lead to the primary. */
  private at = 0;

  private constructor(
    private readonly firstUrl: string,
    private readonly ways: readonly Way[],
    private readonly pair: PostgresPair | undefined,
  ) {}

  /** For the service. */
  get url(): string {
    return this.hostsBy(({ gate }) => gate);
  }

  get eyesUrl(): string {
    return this.hostsBy(({ eyes }) => eyes);
  }

  /**
   * Open connections get no answer any more, as behind a proxy that has forgotten them; new connections pass. The
   * server's side is ended later, when our side has forgotten it.
   */
  swallow(forgottenMs: number): void {
    for (const { gate } of this.ways) gate.swallow();
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => void this.open(), forgottenMs).unref();
  }

  /** Nothing passes. */
  block(): void {
    for (const { gate } of this.ways) gate.block();
  }

  /** Everything passes again, also the ends of connections that were given up meanwhile. */
  async open(): Promise<void> {
    for (const { gate } of this.ways) await gate.open();
  }

  /**
   * Kills the primary with SIGKILL, fences it off, and promotes its standby; resolves when that accepts writes. A new
   * standby is made while the service works on.
   */
  async failOver(): Promise<void> {
    const { pair } = this;
    if (pair === undefined) throw new Error('there is no standby');
    await this.attaching;
    await pair.failOver();
    const dead = this.at;
    this.at = (dead + 1) % this.ways.length;
    this.attaching = pair.attachStandby().then((node) => this.lead(dead, node));
    this.attaching.catch(() => undefined); // thrown where somebody waits for it
  }

  /** Waits until the standby of the last failover is complete. */
  async settled(): Promise<void> {
    await this.attaching;
  }

  private async close(): Promise<void> {
    clearTimeout(this.forgetting);
    await Promise.all(this.ways.flatMap(({ gate, eyes }) => [gate.shut(), eyes.shut()]));
  }

  private lead(to: number, { port }: PostgresNode): void {
    this.ways[to]?.gate.leadTo(port);
    this.ways[to]?.eyes.leadTo(port);
  }

  private hostsBy(gateOf: (way: Way) => TcpGate): string {
    const places = this.ways.map((way) => new URL(gateOf(way).through(this.firstUrl)).host);
    const url = new URL(this.firstUrl);
    return this.firstUrl.replace(url.host, places.join(','));
  }
}

async function startPair(folder: LogFolder, undo: Undo): Promise<PostgresPair> {
  const log = folder.log('postgres-pair');
  const pair = await PostgresPair.start({ directory: folder.directory, log, replication: 'synchronous' });
  undo.add(() => pair.stop());
  await migrateDatabase(pair.primary.url);
  return pair;
}

async function wayTo(url: string): Promise<Way> {
  return { gate: await TcpGate.before(url), eyes: await TcpGate.before(url) };
}
