import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './until.js';

export interface RawStart {
  readonly environment: Readonly<Record<string, string>>;
  /** The descriptors of the program itself; without them its output is read. */
  readonly stdio?: StdioOptions;
  /** Code that runs in the process before the program: the fault that a test wants. `dist` is the folder. */
  readonly fault?: string;
  readonly nodeArgs?: readonly string[];
}

/** The compiled service in a process whose descriptors and faults a test chooses. */
export class RawProgram {
  said = '';
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  private readonly directory = mkdtempSync(join(tmpdir(), 'raw-program-'));

  constructor(start: RawStart) {
    const preload = join(this.directory, 'fault.mjs');
    writeFileSync(preload, `const dist = 'file://${resolve('dist')}';\n${start.fault ?? ''}`);
    const args = [...(start.nodeArgs ?? []), '--import', preload, resolve('dist/src/main.js')];
    this.child = spawn(process.execPath, args, {
      stdio: start.stdio ?? ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...start.environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      if (start.stdio === undefined)
        stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.ended = once(this.child, 'exit').then(([code, signal]) => [code, signal] as const);
  }

  readonly child: ChildProcess;

  get pid(): number {
    return this.child.pid ?? -1;
  }

  untilSaid(text: string): Promise<unknown> {
    return until(`it says ${text}`, () => this.said.includes(text), 100_000);
  }

  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
