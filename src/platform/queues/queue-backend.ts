import type { Job, JobsOptions } from 'bullmq';

export interface JobBody {
  readonly id: string;
  /** Of the span that sent it, while tracing is on. */
  readonly traceparent?: string;
}

/** What we use of BullMQ's Queue; its own type names the backend and so differs between the two. */
export interface JobQueue {
  add(name: string, body: JobBody, options: JobsOptions): Promise<unknown>;
  /** All of them in one call. */
  addBulk(jobs: { name: string; data: JobBody; opts: JobsOptions }[]): Promise<unknown>;
  rateLimit(pauseMs: number): Promise<void>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed' | 'failed')[]): Promise<Record<string, number>>;
  /** Of one state, the oldest first. */
  getJobs(
    states: 'waiting'[],
    from: number,
    to: number,
    oldestFirst: true,
  ): Promise<readonly (Job | undefined)[]>;
  /** Removes those that ended so long ago, and tells their ids. */
  clean(graceMs: number, limit: number, state: 'failed'): Promise<string[]>;
  obliterate(options: { force: boolean }): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** What we use of BullMQ's Worker. */
export interface JobWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job<JobBody> | undefined, error: Error) => void): unknown;
  on(event: 'stalled', listener: (jobId: string) => void): unknown;
  /** Takes no further job; those in hand are finished. */
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
  /** @param force without waiting for jobs in hand, nor for a backend that does not answer */
  close(force: boolean): Promise<void>;
}

/** @param fault why a worker could not ask for a job; without one it could, and got one or none */
export type AskListener = (fault?: unknown) => void;

/** Gets the results of the workers' queries for jobs. */
export class Asks {
  /** Called for all of them, with the name of their queue. */
  listener: (queue: string, fault?: unknown) => void = () => undefined;

  of(queue: string): AskListener {
    return (fault) => this.listener(queue, fault);
  }
}

export type RunJob = (job: Job<JobBody>) => Promise<void>;

/** The two places a queue can live in, behind the one thing we need: making queues and workers. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** Resolves when the first attempt to connect is over, however it ended. */
  readonly opened: Promise<void>;
  readonly asks: Asks;
  queue(name: string): JobQueue;
  worker(name: string, run: RunJob, concurrency: number): JobWorker;
  /** Fails when the backend does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * BullMQ writes everything that happens to a job into a stream of ten thousand entries for each queue; nothing here
 * reads it.
 */
export const QUEUE_OPTIONS = { streams: { events: { maxLen: 256 } } };

/** BullMQ only reads the limiter's window when one is set; the number itself is never meant to be reached. */
const LIMITER = { max: 100_000, duration: 1_000 };

export const WORKER_OPTIONS = {
  limiter: LIMITER,
  maximumRateLimitDelay: 1_000,
  runRetryDelay: 1_000,
  stalledInterval: 15_000,
};
