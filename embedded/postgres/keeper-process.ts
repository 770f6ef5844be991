import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type KeeperReport, type KeeperTask, GAVE_UP, STOP, parseReport } from './keeper-messages.js';
import { within } from './within.js';

/** The sum of the keeper's own limits; the keeper reports a more exact reason before these end. */
const LIMITS = {
  startMs: 600_000,
  /** The same: 50 s for the server, the rest for the files of a disposable one. */
  stopMs: 70_000,
};
const KILL_LIMIT_MS = 10_000;

/** The keeper, seen from the program it keeps a server for. */
export class KeeperProcess {
  /** The address, once the server is ready for connections; rejects when it will never be. */
  readonly ready: Promise<string>;
  /** Resolves when the keeper's process is gone: true when it ended by accident, so that its server was left behind. */
  readonly exited: Promise<boolean>;
  private readonly child: ChildProcess;
  /** The last step it reported. */
  private step = 'beginning';
  private said = '';
  private fault: EmbeddedPostgresError | undefined;

  constructor(
    private readonly task: KeeperTask,
    private readonly log: (message: string) => void,
    private readonly limits = LIMITS,
  ) {
    this.child = fork(keeperFile(), [JSON.stringify(task)], {
      detached: true,
      cwd: '/',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.said = `${this.said}${chunk.toString()}`.slice(-4000);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code) => resolve(code !== 0 && code !== GAVE_UP));
    });
    this.ready = this.untilReady();
  }

  /** May be called before it is ready. Rejects when the server, or the keeper itself, cannot be ended. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    setReferenced(child, true);
    if (child.connected) child.send(STOP, () => undefined);
    await within(this.limits.stopMs, 'its keeper ended', this.exited).catch((error: unknown) => {
      this.fault = new EmbeddedPostgresError('CANNOT_STOP', this.isStuck('did not stop', error));
      return this.kill();
    });
    if (this.fault?.code === 'CANNOT_STOP') throw this.fault;
  }

  private async untilReady(): Promise<string> {
    const url = new Promise<string>((resolve, reject) => {
      this.child.on('message', (message) => this.hear(parseReport(message), resolve, reject));
      this.child.once('error', reject);
      this.child.once('exit', (code, killedBy) => {
        const how = `The keeper of the embedded PostgreSQL ended with ${code ?? killedBy} before it was ready.`;
        reject(new EmbeddedPostgresError('CANNOT_START', `${how}\n${this.said}`.trimEnd()));
      });
    });
    const first = await within(this.limits.startMs, 'it was ready', url).catch(async (error: unknown) => {
      if (error instanceof EmbeddedPostgresError) throw error;
      await this.kill();
      throw new EmbeddedPostgresError('CANNOT_START', this.isStuck('did not start', error));
    });
    // From here on the keeper follows us and must not keep our process alive.
    setReferenced(this.child, false);
    return first;
  }

  private hear(
    report: KeeperReport | undefined,
    resolve: (url: string) => void,
    reject: (error: Error) => void,
  ): void {
    if (report?.kind === 'step') this.step = report.message;
    if (report?.kind === 'log') this.log(report.message);
    if (report?.kind === 'ready') {
      this.step = 'keeping its server';
      resolve(report.url);
    }
    if (report?.kind !== 'failed') return;
    this.fault = new EmbeddedPostgresError(report.code, report.message);
    if (this.step === 'keeping its server') this.log(report.message);
    reject(this.fault);
  }

  /** Its server may outlive it; the next start in the same folder ends that server. */
  private async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await within(KILL_LIMIT_MS, 'the keeper was killed', this.exited).catch(() => undefined);
  }

  private isStuck(what: string, error: unknown): string {
    const why = error instanceof Error ? error.message : String(error);
    const where = `${this.task.dataDirectory} (keeper ${this.child.pid}, ${this.step})`;
    return `The embedded PostgreSQL in ${where} ${what}: ${why}.`;
  }
}

function setReferenced(child: ChildProcess, isReferenced: boolean): void {
  const stderr = child.stderr instanceof Socket ? child.stderr : undefined;
  for (const handle of [child, child.channel, stderr]) {
    if (isReferenced) handle?.ref();
    else handle?.unref();
  }
}

/** Node runs JavaScript, so a program that runs from its sources (jest) uses the compiled keeper. */
function keeperFile(): string {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.js')) return join(dirname(here), 'keeper.js');
  let root = dirname(here);
  while (!existsSync(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  const compiled = join(root, 'dist', relative(root, dirname(here)), 'keeper.js');
  if (existsSync(compiled)) return compiled;
  throw new EmbeddedPostgresError('CANNOT_START', `${compiled} is missing: run "npm run build" first.`);
}
