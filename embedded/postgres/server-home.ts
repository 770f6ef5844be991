import { lchown, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  copyBinaries,
  fallbackDirectory,
  moveData,
  recallDataDirectory,
  rememberDataDirectory,
} from './fallback-home.js';
import { type PostgresBinaries, findPostgresBinaries } from './postgres-binaries.js';
import { type ServerAccount, canEnter, canRun, isRoot, systemAccount } from './server-account.js';

/** The places of one embedded server, and the account that runs it. */
export interface ServerHome {
  /** The requested directory. Password, log and memory are beside it under its name plus an extension. */
  readonly wanted: string;
  /** The directory really used: `wanted`, unless the server's account is barred from it. */
  readonly dataDirectory: string;
  /** The directory made because the account is barred from the requested one; all of it is ours. */
  readonly fallback: string | undefined;
  readonly binaries: PostgresBinaries;
  /** Undefined when the server runs as the same user as this program. */
  readonly account: ServerAccount | undefined;
}

export async function settleHome(dataDirectory: string, log: (message: string) => void): Promise<ServerHome> {
  const binaries = await findPostgresBinaries();
  const parent = dirname(dataDirectory);
  await mkdir(parent, { recursive: true });
  const wanted = join(await realpath(parent), basename(dataDirectory));
  if (!isRoot()) return { wanted, dataDirectory: wanted, fallback: undefined, binaries, account: undefined };
  return settleAsRoot(wanted, binaries, log);
}

/**
 * Root gives the server another account, which may be barred from the project (a clone below /root or in a directory
 * with mode 700). The user's directories keep their permissions: data out of reach is kept elsewhere.
 */
async function settleAsRoot(
  wanted: string,
  binaries: PostgresBinaries,
  log: (message: string) => void,
): Promise<ServerHome> {
  const recalled = await recallDataDirectory(wanted);
  const account = (await ownerOf(recalled ?? wanted)) ?? (await systemAccount(log));
  const isDataReachable = recalled === undefined && (await canEnter(account, dirname(wanted)));
  const areBinariesUsable = await canRun(account, binaries);
  if (isDataReachable && areBinariesUsable) {
    await giveTo(account, wanted);
    return { wanted, dataDirectory: wanted, fallback: undefined, binaries, account };
  }
  const fallback = recalled === undefined ? await fallbackDirectory(wanted, account) : dirname(recalled);
  const usable = areBinariesUsable ? binaries : await copyBinaries(binaries, fallback, account);
  const dataDirectory = isDataReachable
    ? wanted
    : (recalled ?? (await rememberDataDirectory(wanted, fallback)));
  if (!isDataReachable) {
    await moveData(wanted, dataDirectory);
    log(
      `the account that runs PostgreSQL cannot enter ${dirname(wanted)}: its data is kept in ${dataDirectory}`,
    );
  }
  await giveTo(account, dataDirectory);
  return { wanted, dataDirectory, fallback, binaries: usable, account };
}

/** A data directory that already belongs to an ordinary user stays theirs: the server then runs as that user. */
async function ownerOf(dataDirectory: string): Promise<ServerAccount | undefined> {
  const found = await stat(dataDirectory).catch(() => undefined);
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

/** Copying a folder as root leaves a data directory owned by root, which no server would open. */
async function giveTo(account: ServerAccount, dataDirectory: string): Promise<void> {
  const found = await stat(dataDirectory).catch(() => undefined);
  if (found === undefined || found.uid === account.uid) return;
  // The directory itself comes last, so that the next start repeats an interrupted walk.
  const names = await readdir(dataDirectory, { recursive: true });
  for (const name of names) await lchown(join(dataDirectory, name), account.uid, account.gid);
  await lchown(dataDirectory, account.uid, account.gid);
}
