import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { GuardedChild } from './guarded-child.js';

export interface PrivateRedis {
  readonly url: string;
  /** The folder of its data. */
  readonly directory: string;
  /** Of the server that was started last. */
  readonly pid: number;
  /** Ends the server at once, as a crash would; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with its data. */
  restart(): Promise<void>;
  /** Ends it for good and deletes its directory. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const HOST = '127.0.0.1';
const REFUSED = /failed listening|could not create server|fatal|exiting/i;

/** A Redis of our own with the settings of production. Undefined where `redis-server` is not installed. */
export async function startPrivateRedis(): Promise<PrivateRedis | undefined> {
  const isInstalled = await run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );
  if (!isInstalled) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'private-redis-'));
  const { port, first } = await startOnFreePort(directory);
  let current = first;
  return {
    url: `redis://${HOST}:${port}`,
    directory,
    get pid() {
      return current.pid;
    },
    kill: async () => {
      await current.stop();
    },
    restart: async () => {
      await current.stop();
      current = await startRedis(directory, port);
    },
    stop: async () => {
      await current.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startOnFreePort(directory: string): Promise<{ port: number; first: GuardedChild }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(HOST, 0);
    try {
      return { port, first: await startRedis(directory, port) };
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (attempt === 5) throw error;
    }
  }
}

async function startRedis(directory: string, port: number): Promise<GuardedChild> {
  return startRedisServer(directory, { port, appendonly: 'yes', 'maxmemory-policy': 'noeviction', save: '' });
}

/** Programs of Debian that speak the protocol of Redis and accept the same settings. */
export type RedisProgram = 'redis-server' | 'valkey-server';

/**
 * A Redis on this machine with its data in that directory.
 *
 * @param settings as in redis.conf
 * @param first its first words on the command line
 */
export async function startRedisServer(
  directory: string,
  settings: Readonly<Record<string, string | number>>,
  first: readonly string[] = [],
  program: RedisProgram = 'redis-server',
): Promise<GuardedChild> {
  const all: Record<string, string | number> = { bind: HOST, dir: directory, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let tell: (line: string | undefined) => void = () => undefined;
  const said = new Promise<string | undefined>((resolve) => (tell = resolve));
  const server = await GuardedChild.start(program, [...first, ...args], {
    deletes: directory,
    onLine: (line) => {
      if (/ready to accept connections|Sentinel ID is/i.test(line)) tell(undefined);
      if (REFUSED.test(line)) tell(line);
    },
  });
  const fault = await Promise.race([said, server.exited.then(() => `${program} did not start`)]);
  if (fault === undefined) {
    server.unref();
    return server;
  }
  await server.stop();
  throw new Error(fault);
}
