import type { JobBody } from './queue-backend.js';

export interface JobToAdd {
  readonly jobId: string;
  readonly body: JobBody;
  readonly delayMs: number;
}

interface Waiting {
  readonly job: JobToAdd;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** As many as one call may carry. */
const MOST = 100;

/**
 * Adds jobs one call at a time: what comes while a call is under way goes with the next one, all of it. A quiet process
 * adds each job at once; a busy one pays for a call per handful instead of a call per job (docs/performance.md).
 */
export class GatheredJobs {
  private waiting: Waiting[] = [];
  private isSending = false;

  /** @param send adds them all or fails, within a time of its own */
  constructor(private readonly send: (jobs: readonly JobToAdd[]) => Promise<void>) {}

  /** Resolves when the job is in the queue. */
  add(job: JobToAdd): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      if (!this.isSending) void this.sendAll();
    });
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    while (this.waiting.length > 0) {
      const together = this.waiting.splice(0, MOST);
      try {
        await this.send(together.map(({ job }) => job));
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.isSending = false;
  }
}
