import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { GuardedChild } from '../../../scripts/drill/programs/guarded-child.js';
import { atPort } from '../../../scripts/drill/programs/at-port.js';
import { until } from '../service/until.js';

export interface PrivateHaproxy {
  /** The same database through the proxy. */
  through(url: string): string;
  stop(): Promise<void>;
}

export interface PrivateBalancer {
  readonly url: string;
  /** The number of services to which it sends requests now. */
  inRotation(): Promise<number>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_PATIENCE_MS = 100_000;

/** Sends connections to the first server while that can be reached, then to the second; it does not know PostgreSQL. */
export async function startHaproxy(first: string, second: string): Promise<PrivateHaproxy> {
  const port = await freePort(HOST, 0);
  const place = (url: string): string => `${new URL(url).hostname}:${new URL(url).port}`;
  const stop = await startProgram(
    port,
    `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
listen postgres
  bind ${HOST}:${port}
  option redispatch
  default-server inter 200ms fall 2 rise 2 on-marked-down shutdown-sessions
  server first ${place(first)} check
  server second ${place(second)} check backup
`,
  );
  return { through: (url) => atPort(url, port), stop };
}

/** Distributes requests over services at these ports of this machine, by their readiness, and repeats none. */
export async function startHttpBalancer(ports: readonly number[]): Promise<PrivateBalancer> {
  const port = await freePort(HOST, 0);
  const url = `http://${HOST}:${port}`;
  const servers = ports.map((one) => `  server at-${one} ${HOST}:${one} check\n`);
  const stop = await startProgram(
    port,
    `defaults
  mode http
  retries 0
  timeout connect 10s
  timeout queue 10s
  timeout client 60s
  timeout server 60s
  # Without it a check would have to be answered within its own interval.
  timeout check 10s
listen services
  bind ${HOST}:${port}
  stats uri /haproxy
  option httpchk GET /health/ready
  http-check expect status 200
  # A process that is starved of its processor misses a check now and then, and is still the one that serves.
  default-server inter 1s fall 4 rise 1
${servers.join('')}`,
  );
  const inRotation = async (): Promise<number> => {
    const table = await (await fetch(`${url}/haproxy;csv`, { signal: AbortSignal.timeout(10_000) })).text();
    const [head = '', ...rows] = table.split('\n');
    const at = head.split(',').indexOf('status');
    return rows.filter((row) => row.startsWith('services,at-') && row.split(',')[at] === 'UP').length;
  };
  return { url, inRotation, stop };
}

/** @returns a function that ends it */
async function startProgram(port: number, settings: string): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'private-haproxy-'));
  const file = join(directory, 'haproxy.cfg');
  await writeFile(file, settings);
  let said = '';
  const program = await GuardedChild.start('haproxy', ['-db', '-f', file], {
    deletes: directory,
    onErrorText: (text) => (said += text),
  });
  program.unref();
  const isOpen = async (): Promise<boolean> => {
    if (!program.isRunning) throw new Error(`haproxy ended: ${said}`);
    const socket = connect(port, HOST);
    const opened = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return opened;
  };
  await until('haproxy listens', isOpen, START_PATIENCE_MS);
  return async () => {
    await program.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
