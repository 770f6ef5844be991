import { Redis } from 'ioredis';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../embedded/postgres/free-port.js';
import type { GuardedChild } from '../../../scripts/drill/programs/guarded-child.js';
import { startRedisServer, type RedisProgram } from '../../../scripts/drill/programs/private-redis.js';
import { until } from '../service/until.js';

export const HOST = '127.0.0.1';

type RedisSettings = Readonly<Record<string, string | number>>;

/** Redis servers of one test, each with a port and a folder of its own. */
export class RedisServers {
  private readonly running = new Map<number, GuardedChild>();
  private readonly folders: string[] = [];

  constructor(private readonly program: RedisProgram = 'redis-server') {}

  /** @param settings as in redis.conf; with a certificate it accepts only TLS */
  async start(settings: RedisSettings = {}): Promise<number> {
    const [port, directory] = [await freePort(HOST, 0), await this.folder()];
    const file = join(directory, 'redis.conf');
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
    await writeFile(file, ['save ""', ...lines].join('\n'));
    const listens = 'tls-cert-file' in settings ? { port: 0, 'tls-port': port } : { port };
    this.running.set(port, await startRedisServer(directory, listens, [file], this.program));
    return port;
  }

  async startSentinel(port: number, config: string): Promise<void> {
    const directory = await this.folder();
    const file = join(directory, 'sentinel.conf');
    await writeFile(file, config);
    this.running.set(port, await startRedisServer(directory, { port }, [file, '--sentinel'], this.program));
  }

  /** Over a connection of its own. */
  async ask<T>(port: number, question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({ host: HOST, port, retryStrategy: () => 100 });
    client.on('error', () => undefined);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** Ends it at once, as a crash would. */
  async kill(port: number): Promise<void> {
    await this.running.get(port)?.stop();
    this.running.delete(port);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.values()].map((server) => server.stop()));
    await Promise.all(this.folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-group-'));
    this.folders.push(folder);
    return folder;
  }
}

/** A primary, a replica of it, and three sentinels that watch both. */
export async function startSentinelGroup(servers: RedisServers, name: string) {
  const primary = await servers.start();
  const replica = await servers.start({ replicaof: `${HOST} ${primary}` });
  await until('the replica follows', () =>
    servers.ask(replica, async (client) =>
      (await client.info('replication')).includes('master_link_status:up'),
    ),
  );
  const sentinels: number[] = [];
  for (let at = 0; at < 3; at += 1) {
    const port = await freePort(HOST, 0);
    await servers.startSentinel(
      port,
      `sentinel monitor ${name} ${HOST} ${primary} 2
sentinel down-after-milliseconds ${name} 1000
sentinel failover-timeout ${name} 5000
sentinel parallel-syncs ${name} 1
`,
    );
    sentinels.push(port);
  }
  await until('the sentinels know each other and the replica', async () => {
    const seen = await Promise.all(
      sentinels.map((port) =>
        servers.ask(port, (client) => client.call('SENTINEL', 'MASTERS') as Promise<string[][]>),
      ),
    );
    return seen.every(([group = []]) => {
      const field = (key: string) => group[group.indexOf(key) + 1];
      return field('num-other-sentinels') === '2' && field('num-slaves') === '1';
    });
  });
  return { primary, replica, sentinels };
}

const SLOTS = 16_384;

/** A cluster of three primaries, and a replica of the first. */
export async function startCluster(servers: RedisServers) {
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': 1_000,
    'cluster-config-file': 'nodes.conf',
  };
  const nodes: { port: number; bus: number }[] = [];
  for (let at = 0; at < 4; at += 1) {
    const bus = await freePort(HOST, 0);
    nodes.push({ bus, port: await servers.start({ ...settings, 'cluster-port': bus }) });
  }
  const [first, second, third, replica] = nodes.map(({ port }) => port) as [number, number, number, number];
  const primaries = [first, second, third];
  for (const [at, port] of primaries.entries()) {
    const [from, to] = [Math.ceil((SLOTS * at) / 3), Math.ceil((SLOTS * (at + 1)) / 3) - 1];
    await servers.ask(port, (client) => client.call('CLUSTER', 'ADDSLOTSRANGE', from, to));
  }
  for (const { port, bus } of nodes.slice(1)) {
    await servers.ask(first, (client) => client.call('CLUSTER', 'MEET', HOST, port, bus));
  }
  const isWhole = async (port: number) => {
    const state = await servers.ask(port, (client) => client.cluster('INFO'));
    return state.includes('cluster_state:ok') && state.includes('cluster_known_nodes:4');
  };
  for (const { port } of nodes) await until('the cluster is whole', () => isWhole(port), 30_000);
  const id = await servers.ask(first, (client) => client.cluster('MYID'));
  await servers.ask(replica, (client) => client.cluster('REPLICATE', id));
  await until(
    'the replica follows',
    () =>
      servers.ask(replica, async (client) =>
        (await client.info('replication')).includes('master_link_status:up'),
      ),
    30_000,
  );
  return { primaries, replica };
}
