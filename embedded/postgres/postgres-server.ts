import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOf } from './postgres-binaries.js';
import { serverFlags } from './server-flags.js';
import { type ServerHome } from './server-home.js';
import { WaitedInVain } from './within.js';

/** Fast shutdown first; then immediate, from which the next start recovers; then SIGKILL. */
const ENDINGS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 10_000],
];

export interface ServerStart {
  readonly home: ServerHome;
  readonly port: number;
  readonly durable: boolean;
  /** The server writes here itself, so its log outlives the process that started it. */
  readonly logFile: string;
}

/** One run of the PostgreSQL server as our child. */
export class PostgresServer {
  static async spawn(start: ServerStart): Promise<PostgresServer> {
    const log = await open(start.logFile, 'w', 0o600);
    try {
      return new PostgresServer(spawnServer(start, log), start.port, start.home.dataDirectory);
    } finally {
      await log.close();
    }
  }

  /** Settles when the process is gone. */
  readonly exited: Promise<void>;
  #isRunning = true;

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly dataDirectory: string,
  ) {
    this.exited = new Promise((resolve) => {
      const settle = (): void => {
        this.#isRunning = false;
        resolve();
      };
      child.once('exit', settle);
      child.once('error', settle);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async stop(): Promise<void> {
    for (const [signal, patienceMs] of ENDINGS) {
      if (!this.isRunning) return;
      this.child.kill(signal);
      await Promise.race([this.exited, sleep(patienceMs, undefined, { ref: false })]);
    }
    if (this.isRunning) throw new WaitedInVain(10_000, `process ${this.pid}, the server, ends after SIGKILL`);
  }
}

function spawnServer({ home, port, durable }: ServerStart, log: FileHandle): ChildProcess {
  const flags = serverFlags({ dataDirectory: home.dataDirectory, port, durable, keeperPid: process.pid });
  return spawn(programOf(home.binaries, 'postgres'), flags, {
    ...home.account,
    // The account may be barred from our working directory, and PG* variables of the caller must not steer the server.
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', log.fd, log.fd],
  });
}
