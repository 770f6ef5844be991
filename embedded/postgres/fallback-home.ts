import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  cp,
  link,
  lstat,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type PostgresBinaries } from './postgres-binaries.js';
import { type ServerAccount, canEnter, canRun } from './server-account.js';

interface Memory {
  readonly madeFor: string;
  readonly dataDirectory: string;
}

/**
 * Places for data that the account cannot reach in the project. /var/lib first: systems delete files from /var/tmp that
 * were untouched for weeks, which would remove single tables of a database in use.
 */
const PLACES = ['/var/lib', '/var/tmp', tmpdir()];

const FALLBACK_DATA = /\/embedded-postgres-[0-9a-f]{16}\/data-[0-9a-f]{8}$/;

/** One directory for each project path. Only root writes in it, everyone may pass through. */
export async function fallbackDirectory(wanted: string, account: ServerAccount): Promise<string> {
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  for (const place of PLACES) {
    const directory = join(place, `embedded-postgres-${key}`);
    const isOurs = await mkdir(directory, { mode: 0o711 }).then(
      // The umask reduces the mode given to mkdir.
      () => chmod(directory, 0o711).then(() => true),
      () => belongsToRootAlone(directory),
    );
    if (isOurs && (await canEnter(account, directory))) return directory;
  }
  throw new EmbeddedPostgresError(
    'CANNOT_START',
    `PostgreSQL does not run as root, and the account that runs it can reach neither ${dirname(wanted)} nor a ` +
      `directory of its own in ${PLACES.join(', ')}. Start the program as an ordinary user, or set DATABASE_URL.`,
  );
}

/** The binaries are copied once for each version, and appear under their final name only when complete. */
export async function copyBinaries(
  binaries: PostgresBinaries,
  fallback: string,
  account: ServerAccount,
): Promise<PostgresBinaries> {
  const copy = { root: join(fallback, `binaries-${binaries.version}`), version: binaries.version };
  if (await canRun(account, copy)) return copy;
  const staging = `${copy.root}.${randomUUID()}`;
  await cp(binaries.root, staging, { recursive: true, verbatimSymlinks: true });
  await openToReaders(staging);
  await rename(staging, copy.root).catch(() => rm(staging, { recursive: true, force: true }));
  if (await canRun(account, copy)) return copy;
  throw new EmbeddedPostgresError(
    'CANNOT_START',
    `The account that runs PostgreSQL cannot run its binaries, neither in ${binaries.root} nor in ${copy.root}. ` +
      'Start the program as an ordinary user, or set DATABASE_URL.',
  );
}

/** The data directory that an earlier start chose instead of `wanted`; undefined when none did. */
export async function recallDataDirectory(wanted: string): Promise<string | undefined> {
  const memory = await readMemory(wanted);
  if (memory === undefined) return undefined;
  const isOurs =
    (await belongsToRootAlone(dirname(memory.dataDirectory))) && (await isForThis(memory, wanted));
  if (isOurs) return memory.dataDirectory;
  await rm(memoryFile(wanted), { force: true });
  return undefined;
}

/** A copied folder has the original's memory but must not open the original's data; a moved one may. */
async function isForThis(memory: Memory, wanted: string): Promise<boolean> {
  if (memory.madeFor === wanted) return true;
  const original = await readMemory(memory.madeFor);
  return original?.dataDirectory !== memory.dataDirectory;
}

/**
 * Chooses a new data directory and writes it down; of two starts at the same moment both get the choice of the first.
 */
export async function rememberDataDirectory(wanted: string, fallback: string): Promise<string> {
  const memory: Memory = {
    madeFor: wanted,
    dataDirectory: join(fallback, `data-${randomUUID().slice(0, 8)}`),
  };
  const draft = `${memoryFile(wanted)}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(memory));
  try {
    await link(draft, memoryFile(wanted));
  } catch {
    // The other start was first; what it wrote is read below.
  } finally {
    await rm(draft, { force: true });
  }
  return (await readMemory(wanted))?.dataDirectory ?? memory.dataDirectory;
}

/** A project that was moved out of the account's reach brings a data directory, which has to follow. */
export async function moveData(wanted: string, dataDirectory: string): Promise<void> {
  const hasData = await exists(join(wanted, 'PG_VERSION'));
  if (!hasData || (await exists(dataDirectory))) return;
  const staging = `${dataDirectory}.${randomUUID()}`;
  await cp(wanted, staging, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await rename(staging, dataDirectory).catch(() => rm(staging, { recursive: true, force: true }));
  if (await exists(dataDirectory)) await rm(wanted, { recursive: true, force: true });
}

const memoryFile = (wanted: string): string => `${wanted}.location`;

async function readMemory(wanted: string): Promise<Memory | undefined> {
  const text = await readFile(memoryFile(wanted), 'utf8').catch(() => 'null');
  const memory: unknown = JSON.parse(text);
  if (typeof memory !== 'object' || memory === null) return undefined;
  if (!('madeFor' in memory) || !('dataDirectory' in memory)) return undefined;
  const { madeFor, dataDirectory } = memory;
  if (typeof madeFor !== 'string' || typeof dataDirectory !== 'string') return undefined;
  // The directory named here will change its owner, so only a name of the form made below is trusted.
  return FALLBACK_DATA.test(dataDirectory) ? { madeFor, dataDirectory } : undefined;
}

/** Anybody may make directories in a temporary place, so one that is already there is used only if it is root's. */
async function belongsToRootAlone(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

/** An installation made under a strict umask is readable for root only; the copy is for the account. */
async function openToReaders(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    await chmod(path, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
