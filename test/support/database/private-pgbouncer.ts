import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { GuardedChild } from '../../../scripts/drill/programs/guarded-child.js';
import { atPort } from '../../../scripts/drill/programs/at-port.js';

export type PoolMode = 'session' | 'transaction';

export interface PrivatePgBouncer {
  /** The same database through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** A pooler before that server, with Debian's own settings except the mode and the places of its files. */
export async function startPgBouncer(serverUrl: string, mode: PoolMode): Promise<PrivatePgBouncer> {
  const server = new URL(serverUrl);
  const port = await freePort(HOST, 0);
  const directory = await mkdtemp(join(tmpdir(), 'private-pgbouncer-'));
  await chmod(directory, 0o755); // root's stead reads from it
  const users = join(directory, 'userlist.txt');
  const settings = join(directory, 'pgbouncer.ini');
  await writeFile(
    users,
    `"${decodeURIComponent(server.username)}" "${decodeURIComponent(server.password)}"\n`,
  );
  await writeFile(
    settings,
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = ${HOST}
listen_port = ${port}
unix_socket_dir =
auth_type = md5
auth_file = ${users}
pool_mode = ${mode}
`,
  );
  const program = await startProgram(settings, directory);
  return {
    through: (url) => atPort(url, port),
    stop: async () => {
      await program.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startProgram(settings: string, directory: string): Promise<GuardedChild> {
  // It does not run as root; its package has an account for it.
  const account = userInfo().uid === 0 ? ['--user', 'postgres'] : [];
  let told = '';
  let tell: () => void = () => undefined;
  const isUp = new Promise<void>((resolve) => (tell = resolve));
  const program = await GuardedChild.start('pgbouncer', [...account, settings], {
    deletes: directory,
    onErrorText: (text) => {
      told += text;
      if (told.includes('process up')) tell();
    },
  });
  const hasEnded = program.exited.then(() => true);
  if (await Promise.race([isUp.then(() => false), hasEnded])) throw new Error(`pgbouncer ended: ${told}`);
  program.unref();
  return program;
}
