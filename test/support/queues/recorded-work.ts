import { DONE, type Work, type WorkDone } from '../../../src/platform/queues/work.js';

/** The action of a run; `times` counts the runs of this id, this one included. */
export type Deed = (id: string, times: number) => WorkDone | Promise<WorkDone>;

/** Work that records its runs, and does what the test says. */
export class RecordedWork implements Work {
  /** The ids in the order they were run. */
  readonly runs: string[] = [];
  /** When each run began, on the clock of `performance.now()`. */
  readonly beganAt: number[] = [];
  running = 0;
  mostAtOnce = 0;

  constructor(
    readonly name: string,
    private readonly deed: Deed = () => DONE,
    readonly concurrency = 4,
  ) {}

  async run(id: string): Promise<WorkDone> {
    this.runs.push(id);
    this.beganAt.push(performance.now());
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    try {
      return await this.deed(id, this.timesRun(id));
    } finally {
      this.running -= 1;
    }
  }

  /** When the first run of this id began. */
  began(id: string): number {
    return this.beganAt[this.runs.indexOf(id)] ?? NaN;
  }

  timesRun(id: string): number {
    return this.runs.filter((run) => run === id).length;
  }
}
