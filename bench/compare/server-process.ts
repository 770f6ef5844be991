import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** CPU time of the process since its start, all threads. */
  readonly cpuMs: number;
  readonly peakMemoryMb: number;
  /** As of now. */
  readonly memoryMb: number;
  readonly heapMb: number;
}

export interface Program {
  readonly name: string;
  /** Compiled file, seen from this one's. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const START_PATIENCE_MS = 60_000;
const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));

/** The flags of Node.js count for what is measured too: `NODE_OPTIONS=--max-semi-space-size=16 npm run bench:soak`. */
function ofThisProcess(): Record<string, string> {
  const { PATH = '', HOME = '', NODE_OPTIONS = '' } = process.env;
  return { PATH, HOME, NODE_OPTIONS };
}

/** A program under test in a process of its own. What it logs goes to a file, as it would go to a pipe in production. */
export class ServerProcess {
  private constructor(
    readonly program: Program,
    private readonly child: ChildProcess,
    readonly url: string,
    /** From the start of the process until it said that it serves. */
    readonly readyMs: number,
    private readonly logFile: string,
  ) {}

  static async start(program: Program, logFolder: string): Promise<ServerProcess> {
    const logFile = join(logFolder, `${program.name}.log`);
    const output = openSync(logFile, 'w');
    const startedAt = performance.now();
    const file = fileURLToPath(new URL(program.file, import.meta.url));
    const child = spawn(process.execPath, ['--import', PROBE, file], {
      env: { ...ofThisProcess(), ...program.environment },
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    const url = await urlIn(logFile, child);
    return new ServerProcess(program, child, url, performance.now() - startedAt, logFile);
  }

  get name(): string {
    return this.program.name;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} was never started`);
    return this.child.pid;
  }

  /** One question over IPC; an answer is the next message. */
  async ask<Answer>(question: unknown): Promise<Answer> {
    const answered = once(this.child, 'message');
    this.child.send(question as string); // anything that can be serialised
    const [answer] = await answered;
    return answer;
  }

  /** An address that it told beside its own when it was ready. */
  addressOf(field: 'signedCallsUrl'): string {
    const address = new RegExp(`"${field}":"([^"]+)"`).exec(readFileSync(this.logFile, 'utf8'))?.[1];
    if (address === undefined) throw new Error(`${this.name} told no ${field}`);
    return address;
  }

  usage(): Promise<Usage> {
    return this.ask('usage');
  }

  /** Profiles the process while `work` is done, for a look at where the time of that work goes. */
  async profiled<T>(file: string, work: () => Promise<T>): Promise<T> {
    await this.ask('profile');
    const result = await work();
    await this.ask({ profileInto: file });
    return result;
  }

  /** The end of its log, for when something went wrong. */
  lastWords(): string {
    return readFileSync(this.logFile, 'utf8').slice(-4_000);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    const isGone = once(this.child, 'exit').then(() => true);
    if (await Promise.race([isGone, sleep(20_000, false, { ref: false })])) return;
    this.child.kill('SIGKILL');
    await isGone;
  }
}

/** Every program writes one line of JSON with the event `service.ready` and its address when it serves. */
async function urlIn(logFile: string, child: ChildProcess): Promise<string> {
  const end = performance.now() + START_PATIENCE_MS;
  while (performance.now() < end) {
    const text = readFileSync(logFile, 'utf8');
    const url = /"event":"service\.ready".*"url":"([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null) throw new Error(`a server under test ended at its start:\n${text}`);
    await sleep(10);
  }
  child.kill('SIGKILL');
  throw new Error(`a server under test did not become ready:\n${readFileSync(logFile, 'utf8')}`);
}
