import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { LOG_DRAFT_INFIX } from './initialise-cluster.js';
import { isAlive } from './is-alive.js';
import { type ServerSight, lookAtServer } from './look-at-server.js';
import { takeOwnership } from './ownership.js';
import { discardPidFile } from './pid-file.js';
import { PostgresServer } from './postgres-server.js';
import { portInFlags } from './server-flags.js';
import { type ServerHome } from './server-home.js';

export interface ClaimOptions {
  readonly home: ServerHome;
  readonly password: string;
  readonly ownerPid: number;
  readonly durable: boolean;
  /** The port to come back on after the server died; clients know it. Undefined: any free one. */
  readonly port: number | undefined;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** How long an earlier server may take to end, or another program to free a fixed port. */
const PATIENCE_MS = 60_000;
/** After this time a process that does not answer no longer stops us from trying; PostgreSQL's own lock still does. */
const UNSETTLED_MS = 30_000;
const LOOK_EVERY_MS = 150;
/** An owner that is stopping disappears between two checks; a healthy one is seen by both. */
const LOOKS_BEFORE_REFUSAL = 3;
/** How long a server may be without its owner's lock although the process that started it lives. */
const KEEPER_GRACE_MS = 10_000;
const FOREIGN_PID_FILE_AGE_MS = 10_000;

/**
 * Starts a server on the data directory and takes ownership of it, whatever an earlier one left behind. Refuses when a
 * living process owns it. PostgreSQL itself guarantees that two servers never open one directory, so this code only has
 * to find out which of the two should give way.
 */
export async function claimServer(options: ClaimOptions): Promise<PostgresServer> {
  const { home, password, signal } = options;
  const waiting = new Waiting(options);
  for (;;) {
    signal.throwIfAborted();
    const sight = await lookAtServer(home, password);
    if (waiting.mayStart(sight)) {
      const started = await attemptStart(options);
      if (started.outcome === 'ready') return started.server;
      if (started.outcome === 'failed') throw cannotStart(home, started.why);
      if (started.outcome === 'locked' && sight.state === 'foreign') {
        const isGone = await discardPidFile(home.dataDirectory, sight.pidFile, FOREIGN_PID_FILE_AGE_MS);
        if (isGone) options.log(`a stale postmaster.pid was taken out of ${home.dataDirectory}`);
      }
      waiting.note(started.why);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Remembers what was seen so far and decides from it: wait, refuse, end an orphan, or go ahead. */
class Waiting {
  private readonly since = Date.now();
  private looksAtOwner = 0;
  private unownedSince: number | undefined;
  private lastReason =
    'the server of an earlier run neither ends nor answers; its process is in postmaster.pid';

  constructor(private readonly options: ClaimOptions) {}

  note(reason: string): void {
    this.lastReason = reason;
  }

  mayStart(sight: ServerSight): boolean {
    const waitedMs = Date.now() - this.since;
    if (waitedMs > PATIENCE_MS) throw cannotStart(this.options.home, this.lastReason);
    if (sight.state === 'owned') this.considerOwner(sight.ownerPid);
    else this.looksAtOwner = 0;
    if (sight.state === 'unowned') this.considerOrphan(sight.keeperPid, sight.postmasterPid);
    else this.unownedSince = undefined;
    if (sight.state === 'unsettled') return waitedMs > UNSETTLED_MS;
    return sight.state === 'none' || sight.state === 'foreign';
  }

  private considerOwner(ownerPid: number): void {
    // The keeper of a dead owner is about to stop the server.
    this.looksAtOwner = isAlive(ownerPid) ? this.looksAtOwner + 1 : 0;
    if (this.looksAtOwner < LOOKS_BEFORE_REFUSAL) return;
    const { home } = this.options;
    throw new EmbeddedPostgresError(
      'ALREADY_IN_USE',
      `The embedded PostgreSQL in ${home.wanted} is in use by process ${ownerPid}, started from the same folder. ` +
        `Stop that process first (kill ${ownerPid}), work in a copy of the folder, or set DATABASE_URL.`,
    );
  }

  private considerOrphan(keeperPid: number, postmasterPid: number): void {
    this.unownedSince ??= Date.now();
    const isKept = keeperPid > 0 && keeperPid !== process.pid && isAlive(keeperPid);
    if (isKept && Date.now() - this.unownedSince < KEEPER_GRACE_MS) return;
    this.options.log(`ending a PostgreSQL server (process ${postmasterPid}) whose program was killed`);
    try {
      process.kill(postmasterPid, 'SIGINT');
    } catch {
      // It is gone already: the next check sees that.
    }
  }
}

type StartAttempt =
  | { readonly outcome: 'ready'; readonly server: PostgresServer }
  /** The data directory is taken, or its pid file says so. */
  | { readonly outcome: 'locked'; readonly why: string }
  /** Another program took the port, or somebody stopped the new server. */
  | { readonly outcome: 'disturbed'; readonly why: string }
  | { readonly outcome: 'failed'; readonly why: string };

async function attemptStart(options: ClaimOptions): Promise<StartAttempt> {
  const { home, password, ownerPid, durable, signal } = options;
  const port = options.port ?? (await choosePort(home));
  const draftLog = `${home.wanted}${LOG_DRAFT_INFIX}${process.pid}`;
  const server = await PostgresServer.spawn({ home, port, durable, logFile: draftLog });
  try {
    if (await takeOwnership({ server, password, ownerPid, wanted: home.wanted, signal })) {
      await keepLog(home, draftLog);
      return { outcome: 'ready', server };
    }
  } catch (error) {
    await server.stop();
    await keepLog(home, draftLog);
    if (signal.aborted || error instanceof EmbeddedPostgresError) throw error;
    return { outcome: 'disturbed', why: error instanceof Error ? error.message : String(error) };
  }
  const refusal = classifyRefusal(await readFile(draftLog, 'utf8'));
  // The log of an attempt that lost must not replace that of the server that runs.
  await (refusal.outcome === 'locked' ? rm(draftLog, { force: true }) : keepLog(home, draftLog));
  return refusal;
}

function classifyRefusal(said: string): StartAttempt {
  const why = said.trim().split('\n').slice(-8).join('\n');
  if (/lock file "postmaster\.pid"|pre-existing shared memory block/.test(said))
    return { outcome: 'locked', why };
  const isDisturbed =
    /could not bind|could not create any TCP\/IP sockets|received \w+ shutdown request/.test(said);
  return { outcome: isDisturbed ? 'disturbed' : 'failed', why };
}

/** One log for each run, the one before it kept: after a crash that is the one to read. */
async function keepLog(home: ServerHome, draftLog: string): Promise<void> {
  const log = `${home.wanted}.log`;
  await rename(log, `${log}.previous`).catch(() => undefined);
  await rename(draftLog, log);
}

/**
 * The port of the last start if it is free, for people who have it in their tools; else any other. Another program may
 * take it before PostgreSQL binds it; the start is then tried again.
 */
async function choosePort(home: ServerHome): Promise<number> {
  const opts = await readFile(join(home.dataDirectory, 'postmaster.opts'), 'utf8').catch(() => '');
  return freePort('127.0.0.1', portInFlags(opts) ?? 0);
}

const cannotStart = (home: ServerHome, why: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'CANNOT_START',
    `The embedded PostgreSQL in ${home.wanted} cannot start:\n${why}\nTo use another server, set DATABASE_URL.`,
  );
