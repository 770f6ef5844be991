import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { promisify } from 'node:util';

export interface PrivateRedis {
  readonly url: string;
  /** Of the server that was started last. */
  readonly pid: number;
  /** Ends the server at once, as a crash would; what it has written stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it had written. */
  restart(): Promise<void>;
  /** Ends it for good and deletes its directory. */
  stop(): Promise<void>;
}

/**
 * The shell stands between the server and us: when its input ends, because we say so or are gone, it ends the server
 * and clears up, so that no killed test leaves a server behind.
 */
const GUARD = `
  directory=$1; shift
  redis-server "$@" & server=$!
  echo "pid $server"
  read -r word
  kill -9 $server 2>/dev/null
  wait $server 2>/dev/null
  [ "$word" = keep ] || rm -rf "$directory"
`;

const run = promisify(execFile);

type Guard = ChildProcessByStdio<Writable, Readable, null>;

interface Guarded {
  readonly guard: Guard;
  readonly pid: number;
}

/** A Redis of the test's own, set up as production needs it. Undefined where `redis-server` is not installed. */
export async function startPrivateRedis(): Promise<PrivateRedis | undefined> {
  const isInstalled = await run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );
  if (!isInstalled) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'test-redis-'));
  const { port, first } = await startOnFreePort(directory);
  let current = first;
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return current.pid;
    },
    kill: () => end(current.guard),
    restart: async () => {
      await end(current.guard);
      current = await startRedis(directory, port);
    },
    stop: async () => {
      await end(current.guard);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startOnFreePort(directory: string): Promise<{ port: number; first: Guarded }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, first: await startRedis(directory, port) };
    } catch (error) {
      // Somebody else may have taken the port since it was found free.
      if (attempt === 5) throw error;
    }
  }
}

async function startRedis(directory: string, port: number): Promise<Guarded> {
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: directory,
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // A session of its own: Ctrl-C is for the test runner, whose end then ends the guard.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', directory, ...args, '--save', ''], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pid = await untilReady(guard).catch(async (error: unknown) => {
    await end(guard);
    throw error;
  });
  guard.unref();
  for (const stream of [guard.stdin, guard.stdout]) if (stream instanceof Socket) stream.unref();
  return { guard, pid };
}

function untilReady(guard: Guard): Promise<number> {
  let pid = 0;
  return new Promise((resolve, reject) => {
    // The reader stays: a server whose output nobody reads would stand still one day.
    createInterface({ input: guard.stdout }).on('line', (line) => {
      const started = /^pid (\d+)$/.exec(line)?.[1];
      if (started !== undefined) pid = Number(started);
      if (/ready to accept connections/i.test(line)) resolve(pid);
      if (/failed listening|could not create server|fatal|exiting/i.test(line)) reject(new Error(line));
    });
    guard.once('exit', () => reject(new Error('redis-server did not start')));
  });
}

async function end(guard: Guard): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  guard.ref();
  guard.stdin.end('keep\n');
  await once(guard, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
