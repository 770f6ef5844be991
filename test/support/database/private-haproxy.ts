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
  /** The same database by way of the proxy. */
  through(url: string): string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Sends connections to the first server while that can be reached, then to the second; it knows no PostgreSQL. */
export async function startHaproxy(first: string, second: string): Promise<PrivateHaproxy> {
  const port = await freePort(HOST, 0);
  const directory = await mkdtemp(join(tmpdir(), 'private-haproxy-'));
  const settings = join(directory, 'haproxy.cfg');
  const place = (url: string): string => `${new URL(url).hostname}:${new URL(url).port}`;
  await writeFile(
    settings,
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
  const program = await GuardedChild.start('haproxy', ['-db', '-f', settings], { deletes: directory });
  program.unref();
  await untilListening(port);
  return {
    through: (url) => atPort(url, port),
    stop: async () => {
      await program.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  await until('haproxy listens', async () => {
    const socket = connect(port, HOST);
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isOpen;
  });
}
