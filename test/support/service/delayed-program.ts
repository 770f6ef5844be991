import { RawProgram } from './raw-program.js';
import { until } from './until.js';

export interface Delays {
  readonly p99Ms: number;
}

/**
 * Measures how late the event loop of the process is, from one signal to the next. Only time that the process itself
 * computed in counts: on a busy machine it is late without having done anything.
 */
const METER = `
  const { performance } = await import('node:perf_hooks');
  const EVERY_MS = 5;
  let delays = [];
  let [at, cpu] = [performance.now(), process.cpuUsage()];
  setInterval(() => {
    const { user, system } = process.cpuUsage(cpu);
    const now = performance.now();
    delays.push(Math.max(0, Math.min(now - at - EVERY_MS, (user + system) / 1000)));
    [at, cpu] = [now, process.cpuUsage()];
  }, EVERY_MS).unref();
  let windows = 0;
  process.on('SIGUSR2', () => {
    const sorted = delays.sort((one, other) => one - other);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
    delays = [];
    process.stderr.write('delays ' + ++windows + ' ' + p99 + ' end\\n');
  });`;

/** The compiled service in a process of its own, which reports how long it could not answer others. */
export class DelayedProgram {
  private windows = 0;

  private constructor(
    private readonly program: RawProgram,
    readonly url: string,
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<DelayedProgram> {
    const program = new RawProgram({ environment, fault: METER });
    await program.untilSaid('"event":"service.ready"');
    const ready = program.said.split('\n').find((line) => line.includes('"event":"service.ready"')) ?? '{}';
    const { url } = JSON.parse(ready) as { url: string }; // a line of our own log
    return new DelayedProgram(program, url);
  }

  /** The delays of its event loop during `work`. */
  async delaysSince(work: () => Promise<unknown>): Promise<Delays> {
    await this.nextWindow();
    await work();
    return this.nextWindow();
  }

  remove(): Promise<void> {
    return this.program.remove();
  }

  private async nextWindow(): Promise<Delays> {
    this.windows += 1;
    const start = `delays ${this.windows} `;
    this.program.child.kill('SIGUSR2');
    const line = await until('the delays are told', () =>
      this.program.said.split('\n').find((one) => one.startsWith(start) && one.endsWith('end')),
    );
    return { p99Ms: Number.parseFloat(line.slice(start.length)) };
  }
}
