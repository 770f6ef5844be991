import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { within } from '../../../embedded/postgres/within.js';

/** The program starts the compiled embedded server, reports the outcome, and lives until it is told to end. */
const PROGRAM = `
  const [, launcher, dataDirectory] = process.argv;
  // The parent holds the other end, which closes however the parent ends.
  process.stdin.resume().on('end', () => process.exit(0));
  const say = (line) => console.log(JSON.stringify(line));
  process.on('SIGINT', () => say({ interrupted: true }));
  const { startEmbeddedPostgres } = await import(launcher);
  try {
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: (message) => say({ log: message }) });
    process.on('SIGTERM', () => postgres.stop().then(() => process.exit(0)));
    say({ url: postgres.url });
    setInterval(() => {}, 60_000);
  } catch (error) {
    say({ code: error.code, message: error.message });
  }
`;

/** The time that its database may take to stop, and the program itself to end. */
const END_LIMIT_MS = 100_000;

const SOURCES = resolve('dist/embedded/postgres');

export type StartResult = { readonly url: string } | { readonly code: string; readonly message: string };

export interface ProgramOptions {
  /** The user it runs as; only root can choose one. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Another copy of the compiled sources. */
  readonly sources?: string;
}

/** A program with an embedded database in a process of its own, which a test can kill. */
export class EmbeddedProgram {
  readonly said: unknown[] = [];
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly exited: Promise<unknown>;

  constructor(dataDirectory: string, options: ProgramOptions = {}) {
    const launcher = pathToFileURL(resolve(options.sources ?? SOURCES, 'start-embedded-postgres.js')).href;
    const args = ['--input-type=module', '--eval', PROGRAM, launcher, dataDirectory];
    this.child = spawn(process.execPath, args, {
      ...options.user,
      // Leader of its own group, as in a terminal, so that a test can interrupt the whole group.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.exited = once(this.child, 'exit');
    createInterface({ input: this.child.stdout }).on('line', (line) => this.said.push(JSON.parse(line)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async result(): Promise<StartResult> {
    for (;;) {
      const found = this.said.find(isResult);
      if (found !== undefined) return found;
      const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
      if (isOver) return { code: 'ENDED', message: 'the program ended before it said anything' };
      await Promise.race([once(this.child.stdout, 'data'), this.exited]);
    }
  }

  async url(): Promise<string> {
    const result = await this.result();
    if ('url' in result) return result.url;
    throw new Error(`${result.code}: ${result.message}`);
  }

  /** SIGTERM stops the database first, SIGKILL leaves it no time for that. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.untilEnded(`it ended after ${signal}`);
  }

  /** The effect of the test's own death: the program exits without stopping its database. */
  async abandon(): Promise<void> {
    this.child.stdin.destroy();
    await this.untilEnded('it left because nobody holds its standard input');
  }

  private untilEnded(what: string): Promise<unknown> {
    return within(END_LIMIT_MS, `program ${this.pid}: ${what}`, this.exited);
  }

  /** Ctrl-C: the terminal signals the whole foreground group. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }
}

function isResult(line: unknown): line is StartResult {
  return typeof line === 'object' && line !== null && ('url' in line || 'code' in line);
}
