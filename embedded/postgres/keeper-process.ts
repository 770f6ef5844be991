import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type KeeperTask, GAVE_UP, STOP, parseReport } from './keeper-messages.js';

/** The keeper, seen from the program it keeps a server for. */
export class KeeperProcess {
  /** Resolves when the server is ready for connections. */
  static async launch(task: KeeperTask, log: (message: string) => void): Promise<KeeperProcess> {
    const child = fork(keeperFile(), [JSON.stringify(task)], {
      detached: true,
      cwd: '/',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const url = await untilReady(child, log);
    // From here on the keeper follows us and must not keep us alive.
    setReferenced(child, false);
    return new KeeperProcess(child, url);
  }

  /** Resolves when the keeper's process is gone: true when it did not mean to go, so that its server was left behind. */
  readonly exited: Promise<boolean>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code !== 0 && code !== GAVE_UP));
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    setReferenced(this.child, true);
    if (this.child.connected) this.child.send(STOP, () => undefined);
    await this.exited;
  }
}

function untilReady(child: ChildProcess, log: (message: string) => void): Promise<string> {
  let said = '';
  let isReady = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = parseReport(message);
      if (report?.kind === 'log') log(report.message);
      if (report?.kind === 'ready') {
        isReady = true;
        resolve(report.url);
      }
      if (report?.kind === 'failed' && isReady) log(report.message);
      if (report?.kind === 'failed') reject(new EmbeddedPostgresError(report.code, report.message));
    });
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      const how = `The keeper of the embedded PostgreSQL ended with ${code ?? killedBy} before it was ready.`;
      reject(new EmbeddedPostgresError('CANNOT_START', `${how}\n${said}`.trimEnd()));
    });
  });
}

function setReferenced(child: ChildProcess, isReferenced: boolean): void {
  const stderr = child.stderr instanceof Socket ? child.stderr : undefined;
  for (const handle of [child, child.channel, stderr]) {
    if (isReferenced) handle?.ref();
    else handle?.unref();
  }
}

/** Node runs JavaScript, so a program that runs from its sources (jest) takes the compiled keeper. */
function keeperFile(): string {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.js')) return join(dirname(here), 'keeper.js');
  let root = dirname(here);
  while (!existsSync(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  const compiled = join(root, 'dist', relative(root, dirname(here)), 'keeper.js');
  if (existsSync(compiled)) return compiled;
  throw new EmbeddedPostgresError('CANNOT_START', `${compiled} is missing: run "npm run build" first.`);
}
