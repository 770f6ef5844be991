import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Json } from './api-client.js';
import { until } from './until.js';

type Child = ChildProcessByStdio<null, Readable, Readable>;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The compiled service in a process of its own, which a test can kill at any moment. */
export class ServiceProcess {
  /** Every event of its log so far. */
  readonly events: Json[] = [];
  readonly exited: Promise<ProcessEnd>;
  private readonly errors: string[] = [];

  private constructor(private readonly child: Child) {
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.events.push(JSON.parse(line));
    });
    child.stderr.on('data', (chunk) => this.errors.push(String(chunk)));
  }

  /** Resolves when it serves. Whatever the settings of this process are, it knows only those it is given. */
  static async start(environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [resolve('dist/src/main.js')], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new ServiceProcess(child);
    try {
      await until('the service is ready', () => started.readiness(), 60_000);
      return started;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Where it serves. */
  get url(): string {
    return this.events.find(({ event }) => event === 'service.ready')?.url;
  }

  /** Sends the signal and waits until the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<ProcessEnd> {
    this.child.kill(signal);
    return this.exited;
  }

  private readiness(): boolean {
    const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
    if (isOver) throw new Error(`the service ended at its start: ${this.errors.join('')}`);
    return this.url !== undefined;
  }
}
