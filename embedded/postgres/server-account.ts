import { type ExecFileOptions, execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type PostgresBinaries, programOf } from './postgres-binaries.js';

const runFile = promisify(execFile);

/** Each command takes a moment; one that hangs (a directory service, a dead mount) counts as failed. */
const RUN_LIMIT_MS = 30_000;
/** Several starts make the account at the same moment; all but one find the list of accounts locked. */
const ACCOUNT_LIMIT_MS = 20_000;

/** PostgreSQL refuses to run as root; a root process lends it this account instead. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The system account called `name`, made when it is missing. Only root calls this. */
export async function systemAccount(
  log: (message: string) => void,
  name = process.platform === 'darwin' ? '_postgres' : 'postgres',
): Promise<ServerAccount> {
  const existing = await lookUp(name);
  if (existing !== undefined) return existing;
  const attempts: readonly (readonly [string, ...string[]])[] = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
    [
      '/usr/sbin/useradd',
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ],
    ['adduser', '-S', '-D', '-H', name],
  ];
  let isContended = false;
  const giveUpAt = Date.now() + ACCOUNT_LIMIT_MS;
  do {
    for (const [command, ...args] of attempts) {
      // A second start may make the account at the same moment, so what counts is whether it is there afterwards.
      const isOther = await run(command, args).then(
        () => false,
        (error: unknown) => isLocked(error),
      );
      const made = await lookUp(name);
      if (made !== undefined) {
        log(`PostgreSQL does not run as root: the system account "${name}" was made for it`);
        return made;
      }
      isContended ||= isOther;
    }
    if (!isContended) break;
    await sleep(200);
  } while (Date.now() < giveUpAt);
  throw new EmbeddedPostgresError(
    'CANNOT_START',
    `PostgreSQL does not run as root, and the system account "${name}" could not be made. ` +
      'Start the program as an ordinary user, make that account, or set DATABASE_URL.',
  );
}

/** Whether the account can use the content of the directory; the system itself is asked, which knows every ACL. */
export function canEnter(account: ServerAccount, directory: string): Promise<boolean> {
  return succeeds(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', directory]);
}

export async function canRun(account: ServerAccount, binaries: PostgresBinaries): Promise<boolean> {
  const sample =
    'test -r "$1/share/postgresql/postgres.bki" && test -r "$1/share/postgresql/timezonesets/Default"';
  return (
    (await succeeds(account, '/bin/sh', ['-c', sample, 'sh', binaries.root])) &&
    (await succeeds(account, programOf(binaries, 'postgres'), ['--version'])) &&
    succeeds(account, programOf(binaries, 'initdb'), ['--version'])
  );
}

/** The message of useradd when another process is changing the same files. */
const isLocked = (error: unknown): boolean =>
  error instanceof Error && /cannot lock|already exists/.test(error.message);

async function lookUp(name: string): Promise<ServerAccount | undefined> {
  const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

async function idOf(which: '-u' | '-g', name: string): Promise<number | undefined> {
  const answer = await run('id', [which, name]).catch(() => undefined);
  return answer === undefined ? undefined : Number.parseInt(answer, 10);
}

function run(command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  const limits = { timeout: RUN_LIMIT_MS, killSignal: 'SIGKILL' } as const;
  return runFile(command, args, { ...options, ...limits, encoding: 'utf8' }).then(({ stdout }) => stdout);
}

function succeeds(account: ServerAccount, command: string, args: readonly string[]): Promise<boolean> {
  // From "/" and with nothing inherited: the account may be barred from the caller's working directory.
  return run(command, args, { ...account, cwd: '/', env: { LC_ALL: 'C' } }).then(
    () => true,
    () => false,
  );
}
