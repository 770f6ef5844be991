import type { ServerProcess } from './server-process.js';

export interface StandInCounts {
  readonly calls: number;
  readonly connections: number;
  /** Requests whose signature was looked at, and those of them that were wrong. */
  readonly checked: number;
  readonly wrong: number;
}

/** The bench's hand on the stand-in for Alipay+. */
export class StandIn {
  constructor(private readonly process: ServerProcess) {}

  get url(): string {
    return this.process.url;
  }

  /** Signs that many answers, each of an order nobody has seen; they are handed out in order. */
  async prepare(answers: number): Promise<void> {
    await this.process.ask({ prepare: answers });
  }

  /** Hands out the same answers again, to the next contender, and counts from zero. */
  async rewind(): Promise<void> {
    await this.process.ask({ rewind: true });
  }

  counts(): Promise<StandInCounts> {
    return this.process.ask({ counts: true });
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
