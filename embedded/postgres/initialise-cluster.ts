import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chown, link, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { isAlive } from './is-alive.js';
import { programOf } from './postgres-binaries.js';
import { type ServerHome } from './server-home.js';
import { within } from './within.js';

export const SUPERUSER = 'postgres';

/** Some seconds of computing; a disk that is slow, or many starts at once on a busy machine, make it a minute. */
const INITDB_LIMIT_MS = 180_000;

const LOOK_EVERY_MS = 100;
/** Longer than a tick of the clock by which file systems tell when something was made: two of one tick see each other. */
const TICK_MS = 25;

const STAGING_INFIX = '.initialising-';
/** The log of a server that is not ready yet. */
export const LOG_DRAFT_INFIX = '.log.';

export interface InitialiseOptions {
  readonly home: ServerHome;
  readonly durable: boolean;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Makes the data directory unless it is there, and returns the superuser's password. */
export async function ensureCluster(options: InitialiseOptions): Promise<string> {
  const { home } = options;
  const isInitialised = await isCluster(home.dataDirectory);
  const password = await readOrMakePassword(home, isInitialised);
  await removeAbandoned(`${home.dataDirectory}${STAGING_INFIX}`);
  await removeAbandoned(`${home.wanted}${LOG_DRAFT_INFIX}`);
  if (!isInitialised) await initialise(options, password);
  return password;
}

/**
 * initdb works in a staging directory that gets its final name when complete, in one step: a data directory under its
 * final name is never half made, whatever is killed and however many start at the same moment.
 */
async function initialise(options: InitialiseOptions, password: string): Promise<void> {
  const { home, log } = options;
  const staging = `${home.dataDirectory}${STAGING_INFIX}${process.pid}`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  try {
    await sleep(TICK_MS);
    await whileOtherInitialises(options, staging);
    if (await isCluster(home.dataDirectory)) return;
    log(`making a new database in ${home.dataDirectory}`);
    const passwordFile = join(staging, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (home.account !== undefined) {
      await chown(passwordFile, home.account.uid, home.account.gid);
      await chown(staging, home.account.uid, home.account.gid);
    }
    await runInitdb(options, join(staging, 'data'), passwordFile);
    await rename(join(staging, 'data'), home.dataDirectory).catch(acceptOther(home.dataDirectory));
    await syncDirectory(dirname(home.dataDirectory));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Of several starts at the same moment the one with the oldest staging directory works, the others wait for its result.
 * This only saves work: whatever misleads it (a process id used again, a clock that was set) costs at most one more
 * initdb, or one time limit.
 */
async function whileOtherInitialises({ home, signal }: InitialiseOptions, staging: string): Promise<void> {
  const since = Date.now();
  const isOthersTurn = async (): Promise<boolean> => {
    if (Date.now() - since > INITDB_LIMIT_MS || (await isCluster(home.dataDirectory))) return false;
    const oldest = await oldestStaging(`${home.dataDirectory}${STAGING_INFIX}`);
    return oldest !== undefined && oldest !== basename(staging);
  };
  while (await isOthersTurn()) {
    await sleep(LOOK_EVERY_MS);
    signal.throwIfAborted();
  }
}

async function oldestStaging(pathPrefix: string): Promise<string | undefined> {
  const prefix = basename(pathPrefix);
  const found: { readonly name: string; readonly bornMs: number }[] = [];
  for (const name of await readdir(dirname(pathPrefix))) {
    if (!name.startsWith(prefix) || !isAlive(Number(name.slice(prefix.length)))) continue;
    const seen = await stat(join(dirname(pathPrefix), name)).catch(() => undefined);
    // No initdb takes longer than its limit: an older directory was left by a dead start whose process id is in use
    // again.
    if (seen !== undefined && Date.now() - seen.birthtimeMs < INITDB_LIMIT_MS)
      found.push({ name, bornMs: seen.birthtimeMs });
  }
  return found.sort((one, other) => one.bornMs - other.bornMs || one.name.localeCompare(other.name))[0]?.name;
}

async function runInitdb(options: InitialiseOptions, target: string, passwordFile: string): Promise<void> {
  const { home, durable, signal } = options;
  const args = [
    `--pgdata=${target}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in locale sorts the same on every system and needs none to be installed.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  const child = spawn(programOf(home.binaries, 'initdb'), args, {
    ...home.account,
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.once('error', (error) => output.push(error.message));
  // "close" also comes after an error, and only then is it certain that nothing writes to the staging directory any
  // more.
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('close', (code, killedBy) =>
      resolve(code === 0 ? undefined : `initdb ended with ${code ?? killedBy}`),
    );
  });
  const fault = await within(INITDB_LIMIT_MS, 'initdb was done', ended).catch((error: unknown) => {
    child.kill('SIGKILL');
    return String(error);
  });
  signal.throwIfAborted();
  if (fault === undefined) return;
  throw new EmbeddedPostgresError(
    'CANNOT_START',
    `PostgreSQL could not make its data directory ${home.dataDirectory}: ${fault}\n${output.join('').trimEnd()}\n` +
      'To use another server, set DATABASE_URL.',
  );
}

async function isCluster(dataDirectory: string): Promise<boolean> {
  const content = await readdir(dataDirectory).catch((error: unknown): string[] => {
    if (hasCode(error, 'ENOENT')) return [];
    throw unusable(dataDirectory, 'it cannot be read by this user', error);
  });
  if (content.length > 0 && !content.includes('PG_VERSION')) {
    throw unusable(dataDirectory, 'it holds something else than a PostgreSQL data directory');
  }
  const owner = content.length > 0 ? (await stat(dataDirectory)).uid : undefined;
  const self = process.getuid?.();
  if (owner !== undefined && self !== undefined && self !== 0 && owner !== self) {
    throw unusable(dataDirectory, `it belongs to another user (uid ${owner})`);
  }
  return content.length > 0;
}

/** The password is written down before the cluster that needs it exists, and linked so that a second start reads it. */
async function readOrMakePassword(home: ServerHome, isInitialised: boolean): Promise<string> {
  const file = `${home.wanted}.password`;
  const existing = await readPassword(file);
  if (existing !== undefined) return existing;
  if (isInitialised) throw unusable(home.dataDirectory, `its password file ${file} is missing`);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file).catch(acceptOther(file));
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readPassword(file);
  if (made === undefined) throw unusable(home.dataDirectory, `its password file ${file} is empty`);
  return made;
}

async function readPassword(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return '';
    throw unusable(file, 'it cannot be read by this user', error);
  });
  return text.trim() === '' ? undefined : text.trim();
}

/** Removes staging directories of killed starts, named by their process ids. */
async function removeAbandoned(pathPrefix: string): Promise<void> {
  const prefix = basename(pathPrefix);
  for (const name of await readdir(dirname(pathPrefix))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    // An initdb that outlived its start may still write; the rest is removed by the next start.
    await rm(join(dirname(pathPrefix), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Another start made the same thing first, which serves as well. */
function acceptOther(path: string): (error: unknown) => void {
  return (error) => {
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOTEMPTY')) return;
    throw unusable(path, 'it could not be made', error);
  };
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const unusable = (path: string, why: string, cause?: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'CANNOT_START',
    `The embedded PostgreSQL cannot use ${path}: ${why}. ` +
      'Put it right, move it away to begin with an empty database, or set DATABASE_URL.',
    { cause },
  );
