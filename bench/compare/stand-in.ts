import { SCRIPT } from './scenario.js';
import type { ServerProcess } from './server-process.js';

export interface StandInCounts {
  readonly calls: number;
  readonly connections: number;
  /** Requests whose signature was looked at, and those of them that were wrong. */
  readonly checked: number;
  readonly wrong: number;
  /** Results it was told and has acknowledged. */
  readonly told: number;
}

/** The bench's hand on the stand-in for Alipay+. */
export class StandIn {
  constructor(private readonly process: ServerProcess) {}

  get url(): string {
    return this.process.url;
  }

  get pid(): number {
    return this.process.pid;
  }

  /** Signs that many answers of one script, each of an order nobody has seen; they are handed out in order. */
  async prepare(answers: number): Promise<void> {
    await this.prepareScripts(Array.from({ length: answers }, () => SCRIPT));
  }

  /** Signs an answer for each of these scripts of the twin. */
  async prepareScripts(scripts: readonly string[]): Promise<void> {
    await this.process.ask({ prepare: scripts });
  }

  /** Hands out the same answers again, to the next contender, and counts from zero. */
  async rewind(): Promise<void> {
    await this.process.ask({ rewind: true });
  }

  /** From now on it never runs out of answers, and results are told to itself. */
  async goOn(): Promise<void> {
    await this.process.ask({ endless: SCRIPT });
  }

  counts(): Promise<StandInCounts> {
    return this.process.ask({ counts: true });
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
