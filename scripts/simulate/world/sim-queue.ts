import type { Job } from 'bullmq';
import {
  Asks,
  type JobBody,
  type JobQueue,
  type JobWorker,
  type QueueBackend,
  type RunJob,
} from '../../../src/platform/queues/queue-backend.js';
import type { Operation, Scheduler } from '../engine/scheduler.js';
import type { SimProcess } from '../engine/sim-process.js';
import type { Faults } from './faults.js';

interface Listener {
  readonly process: SimProcess;
  readonly name: string;
  readonly run: RunJob;
}

/** The only queue server of the world: it delays, repeats, reorders and loses jobs, and is down at times. */
export class QueueServer {
  awayUntilMs = 0;
  private readonly jobs = new Map<string, Operation>();
  private readonly pausedUntilMs = new Map<string, number>();
  private listeners: Listener[] = [];
  private readonly used = new Set<string>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    /** A mistake: the id of a job is that of its row, and the server remembers the ids of finished jobs. */
    private readonly isIdReused = false,
  ) {}

  listen(listener: Listener): void {
    this.listeners = [...this.listeners.filter(({ process }) => process.alive), listener];
  }

  get isAway(): boolean {
    return this.scheduler.nowMs < this.awayUntilMs;
  }

  /** Ignores a job id that is already waiting, as BullMQ does. */
  add(name: string, jobId: string, id: string, delayMs: number): void {
    const { random } = this.scheduler;
    if (this.isIdReused && this.isUsed(`${name}-${id}`)) return;
    if (this.jobs.has(jobId) || random.chance(this.faults.jobLost)) return;
    const lateMs = random.chance(this.faults.jobLate) ? random.between(100, 30_000) : random.between(0, 20);
    const copies = random.chance(this.faults.jobTwice) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.put(name, jobId, id, delayMs + lateMs * (copy + 1));
  }

  pause(name: string, pauseMs: number): void {
    this.pausedUntilMs.set(name, this.scheduler.nowMs + pauseMs);
  }

  empty(): void {
    for (const job of this.jobs.values()) this.scheduler.remove(job);
    this.jobs.clear();
  }

  private isUsed(jobId: string): boolean {
    const isUsed = this.used.has(jobId);
    this.used.add(jobId);
    return isUsed;
  }

  private put(name: string, jobId: string, id: string, delayMs: number): void {
    const operation = this.scheduler.add({
      atMs: this.scheduler.nowMs + Math.max(delayMs, 0),
      run: () => this.deliver(name, jobId, id),
    });
    this.jobs.set(jobId, operation);
  }

  private deliver(name: string, jobId: string, id: string): void {
    const { random, nowMs } = this.scheduler;
    const ready = this.listeners.filter((one) => one.name === name && one.process.alive);
    const waitMs = Math.max(this.pausedUntilMs.get(name) ?? 0, this.awayUntilMs) - nowMs;
    this.jobs.delete(jobId);
    if (waitMs > 0 || ready.length === 0) return this.put(name, jobId, id, Math.max(waitMs, 1_000));
    const { process, run } = random.pick(ready);
    this.scheduler.tell(process.name, `job ${name} ${id}`);
    // WorkQueues reads only the data of a job and its options.
    const job = { data: { id }, opts: {} } as Job<JobBody>;
    process.enter(() => void run(job).catch((error: unknown) => this.failed(process, name, error)));
  }

  private failed(process: SimProcess, name: string, error: unknown): void {
    this.scheduler.tell(process.name, `job ${name} failed: ${String(error)}`);
  }
}

/** The client of one process for the queue server. */
export class SimQueueBackend implements QueueBackend {
  readonly kind = 'postgres';
  readonly opened = Promise.resolve();
  readonly asks = new Asks();

  constructor(
    private readonly owner: SimProcess,
    private readonly server: QueueServer,
    private readonly scheduler: Scheduler,
  ) {}

  queue(name: string): JobQueue {
    return {
      add: (_name, body, { jobId = '', delay = 0 }) => this.add(name, jobId, body.id, delay),
      addBulk: (jobs) =>
        Promise.all(
          jobs.map(({ data, opts: { jobId = '', delay = 0 } }) => this.add(name, jobId, data.id, delay)),
        ),
      rateLimit: async (pauseMs) => this.server.pause(name, pauseMs),
      getJobCounts: async () => ({}),
      getJobs: async () => [],
      clean: async () => [],
      obliterate: async () => this.server.empty(),
      on: () => undefined,
      close: async () => undefined,
    };
  }

  worker(name: string, run: RunJob): JobWorker {
    this.server.listen({ process: this.owner, name, run });
    const nothing = async (): Promise<void> => undefined;
    return { on: () => undefined, pause: nothing, resume: nothing, close: nothing };
  }

  async ping(): Promise<void> {
    if (this.server.isAway) throw new Error('the queue is away');
  }

  async close(): Promise<void> {}

  private add(name: string, jobId: string, id: string, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.add({
        owner: this.owner,
        label: `wakes ${name} ${id}${this.server.isAway ? ' (nobody is there)' : ''}`,
        run: () => {
          // No answer at all: the caller's own time-out has to notice.
          if (this.server.isAway) return;
          this.server.add(name, jobId, id, delayMs);
          this.scheduler.add({ owner: this.owner, run: resolve });
        },
      });
    });
  }
}
