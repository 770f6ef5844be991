import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { until } from '../support/service/until.js';
import { descendantsOf, type SeenProcess } from './process-table.js';

const PROGRAM = resolve('dist/src/main.js');
/** Beyond the limits of the service itself for its database and its twin, whose errors name what they waited for. */
const START_PATIENCE_MS = 700_000;

export interface Ended {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

/** The compiled service as an operator starts it: a process of its own with only the given environment. */
export class ServiceProgram {
  readonly output: string[] = [];
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private url: string | undefined;

  /** Starts it with a folder of its own for all embedded parts, which `remove` deletes. */
  static async start(
    environment: Readonly<Record<string, string>>,
    program = PROGRAM,
  ): Promise<ServiceProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'smoke-'));
    // mkdtemp closes the directory to the account that runs PostgreSQL for root.
    await chmod(folder, 0o755);
    return new ServiceProgram(folder, environment, program);
  }

  private constructor(
    readonly folder: string,
    environment: Readonly<Record<string, string>>,
    program: string,
  ) {
    this.child = spawn(process.execPath, [program], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: join(folder, 'data'), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const input of [this.child.stdout, this.child.stderr]) {
      createInterface({ input }).on('line', (line) => this.hear(line));
    }
    // 'close' and not 'exit': by then every line has been read.
    this.ended = once(this.child, 'close').then(([code, killedBy]) => ({ code, killedBy }));
  }

  get said(): string {
    return this.output.join('\n');
  }

  /** Its address, once it says that it is ready for requests. */
  ready(): Promise<string> {
    const answers = async (): Promise<string | undefined> => {
      if (this.child.exitCode !== null)
        throw new Error(`it ended before it was ready:
${this.said}`);
      const answer = this.url === undefined ? undefined : await fetch(`${this.url}/health/ready`);
      return answer?.status === 200 ? this.url : undefined;
    };
    return until('/health/ready answers 200', answers, START_PATIENCE_MS);
  }

  /** The token made at the first start, for the wallet app. */
  async walletToken(): Promise<string> {
    const tokens: unknown = JSON.parse(await readFile(join(this.folder, 'data/tokens.json'), 'utf8'));
    return String(Reflect.get(Object(tokens), 'walletApp'));
  }

  /** Everything it has started, at any depth. */
  descendants(): Promise<readonly SeenProcess[]> {
    return descendantsOf(this.child.pid ?? -1);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  private hear(line: string): void {
    this.output.push(line);
    if (!line.includes('"service.ready"')) return;
    const event: unknown = JSON.parse(line);
    this.url = String(Reflect.get(Object(event), 'url'));
  }
}
