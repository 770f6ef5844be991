import { RawProgram } from './raw-program.js';
import { until } from './until.js';

export interface Delays {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Measures how late the event loop of the process is, from one signal to the next. */
const METER = `
  const { monitorEventLoopDelay } = await import('node:perf_hooks');
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  let windows = 0;
  process.on('SIGUSR2', () => {
    const [p99, max] = [delays.percentile(99), delays.max].map((ns) => ns / 1e6);
    delays.reset();
    process.stderr.write('delays ' + ++windows + ' ' + p99 + ' ' + max + ' end\\n');
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
    const [p99Ms = Number.NaN, maxMs = Number.NaN] = line.slice(start.length).split(' ').map(Number);
    return { p99Ms, maxMs };
  }
}
