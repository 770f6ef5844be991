import { Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { RateLimitError, type Job } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { EventLog } from '../logging/event-log.js';
import { GatheredJobs, type JobToAdd } from './gathered-jobs.js';
import type { JobBody, JobQueue, JobWorker, QueueBackend } from './queue-backend.js';
import { answered, LIMITS, NoAnswer, reasonOf } from './answer-in-time.js';
import { JobTraces, type TakenJob } from './job-traces.js';
import { Poker } from './poker.js';
import { QueueWatch, type QueueDeed } from './queue-watch.js';
import type { Wake, Work, WorkDone } from './work.js';
import { Tracing } from '../tracing/tracing.js';
import { Origin } from '../tracing/origin.js';

const PING_TIMEOUT_MS = 1_000;
const CLEAN_TIMEOUT_MS = 10_000;
/** Between two pokes of one process for one kind of work; whatever comes meanwhile is one poke. */
const POKE_GAP_MS = 25;

/** In the place of a row's id. */
const POKED = 'due';
/** The id of no row. A job of it changes nothing, and shows whether jobs can be added again. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const LOOK_MS = 1_000;

/**
 * The queues of this process. A job is only a hint that a row is due: losing every job loses nothing, because the
 * sweeper finds due rows by themselves, and running a job twice does nothing, because the row says whose turn it is.
 */
@Injectable()
export class WorkQueues implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly queues = new Map<string, JobQueue>();
  private readonly gathered = new Map<string, GatheredJobs>();
  private readonly workers: { readonly queue: string; readonly worker: JobWorker }[] = [];
  private paused: ReadonlySet<string> = new Set();
  /** What this process takes jobs for. */
  private readonly takenHere = new Map<string, Work>();
  private readonly running = new Set<Promise<unknown>>();
  private readonly pokers = new Map<string, Poker>();
  /** Tells the pokes of this process from those of every other one. */
  private readonly processId = randomUUID().slice(0, 8);
  private silentUntilMs = 0;
  private readonly traces: JobTraces;
  /** Whether jobs can be added and taken. */
  readonly watch: QueueWatch;
  private looking: NodeJS.Timeout | undefined;
  private isLeaving = false;
  private isResting = false;
  private probing: Promise<unknown> | undefined;

  constructor(
    readonly backend: QueueBackend,
    private readonly log: EventLog,
    private readonly limits = LIMITS,
    tracing = Tracing.OFF,
  ) {
    this.traces = new JobTraces(tracing);
    this.watch = new QueueWatch(log);
    backend.asks.listener = (queue, fault) => {
      if (fault === undefined) this.watch.succeeded(queue, 'take');
      else this.failed(queue, 'take', fault);
    };
  }

  /** Asks for `work` to be run; false when the queue could not be reached, which is not an error. */
  async wake(workName: string, wake: Wake): Promise<boolean> {
    if (performance.now() < this.silentUntilMs) return false;
    try {
      await answered(this.limits.answerMs, this.add(workName, wake));
      return true;
    } catch (error) {
      if (error instanceof NoAnswer) this.silentUntilMs = performance.now() + this.limits.silenceMs;
      this.failed(workName, 'add', error);
      return false;
    }
  }

  /**
   * Wakes a worker whose `work` finds by itself what is due; false when the queue could not be reached. It queries
   * after the call, so it finds what the caller has committed. Many callers share one query. Where this process takes
   * that work itself, it looks without a job: that costs the queue nothing, and goes on while the queue is away.
   */
  poke(workName: string): Promise<boolean> {
    const poker =
      this.pokers.get(workName) ?? new Poker((turn) => this.pokeOnce(workName, turn), POKE_GAP_MS);
    this.pokers.set(workName, poker);
    return poker.ask();
  }

  /** Starts taking jobs for `work` in this process. */
  start(work: Work): void {
    const worker = this.backend.worker(work.name, (job) => this.take(work, job), work.concurrency);
    worker.on('error', (error) => this.failed(work.name, 'take', error));
    worker.on('failed', (job, error) => this.tellFailed(work.name, job?.data.id, error));
    worker.on('stalled', (jobId) => this.log.warn('work.stalled', { queue: work.name, jobId }));
    this.workers.push({ queue: work.name, worker });
    this.takenHere.set(work.name, work);
    if (this.stands(work.name)) this.turn(work.name, worker);
  }

  /** Whether work of this queue is not to be begun; rows that are due wait, and jobs stay where they are. */
  isPaused(workName: string): boolean {
    return this.paused.has(workName);
  }

  /** Pauses these queues in this process, and lets all others run. What is in hand is finished. */
  pauseOnly(names: ReadonlySet<string>): void {
    this.turnAll(() => (this.paused = names));
  }

  /** Whether this process takes no more jobs for a while. What it has in hand it finishes; others find what is due. */
  rest(isResting: boolean): void {
    this.turnAll(() => (this.isResting = isResting));
  }

  /** Runs `work` in this process now, without the queue; a failure is reported like that of a job. */
  async runHere(work: Pick<Work, 'name' | 'run'>, id: string, traceparent?: string): Promise<void> {
    const job = traceparent === undefined ? undefined : { data: { traceparent }, opts: {} };
    await this.run(work, id, job).catch((error: unknown) => this.tellFailed(work.name, id, error));
  }

  /** Jobs by state, for the operator's picture of the queue. */
  async counts(workName: string): Promise<Record<string, number>> {
    return this.queue(workName).getJobCounts('waiting', 'active', 'delayed', 'failed');
  }

  /** How long the oldest job has waited that a worker may take; 0 when none waits. */
  async oldestWaitMs(workName: string): Promise<number> {
    const [job] = await this.queue(workName).getJobs(['waiting'], 0, 0, true);
    if (!job) return 0;
    return Math.max(0, Date.now() - job.timestamp - (job.opts.delay ?? 0));
  }

  /** Removes jobs that failed so long ago, and tells how many; none when the queue cannot be reached. */
  async forgetFailed(workName: string, olderThanMs: number): Promise<number> {
    try {
      const cleaning = this.queue(workName).clean(olderThanMs, this.limits.mostFailed, 'failed');
      return (await answered(CLEAN_TIMEOUT_MS, cleaning)).length;
    } catch (error) {
      // Whether jobs can be added is found out by adding one.
      this.failed(workName, 'add', error);
      return 0;
    }
  }

  /** Throws every job away. Nothing is lost by it: only tests and drills ask for this. */
  async empty(workName: string): Promise<void> {
    await this.queue(workName).obliterate({ force: true });
  }

  /** Work in hand is finished first, while the database is still there for it. */
  async beforeApplicationShutdown(): Promise<void> {
    // Other processes do the work from now on.
    this.takenHere.clear();
    this.isLeaving = true;
    clearTimeout(this.looking);
    // BullMQ would wait for a backend that is away, which may be for ever.
    const force = !(await this.isReachable());
    const closing = this.workers.map(({ worker }) => answered(this.limits.closeMs, worker.close(force)));
    const inHand = answered(this.limits.closeMs, Promise.allSettled(this.running));
    await Promise.allSettled([...closing, inHand]);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map((queue) => answered(2_000, queue.close())));
    await this.backend.close().catch(() => undefined);
  }

  private stands(workName: string): boolean {
    return this.isResting || this.isPaused(workName);
  }

  private turnAll(change: () => void): void {
    const stood = this.workers.map(({ queue }) => this.stands(queue));
    change();
    for (const [at, { queue, worker }] of this.workers.entries())
      if (stood[at] !== this.stands(queue)) this.turn(queue, worker);
  }

  private turn(queue: string, worker: JobWorker): void {
    const turning = this.stands(queue) ? worker.pause(true) : worker.resume();
    turning.catch((error: unknown) => this.failed(queue, 'take', error));
  }

  /** While it lasts, a job of nobody is added now and then: on a quiet day nothing else would show that it is over. */
  private failed(queue: string, deed: QueueDeed, error: unknown): void {
    // A connection that is cut by our own stop is not an outage.
    if (this.isLeaving) return;
    this.watch.failed(queue, deed, reasonOf(error));
    this.lookSoon();
  }

  private lookSoon(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      this.probing ??= this.probe().finally(() => (this.probing = undefined));
      this.watch.look();
      if (this.watch.hasOutage) this.lookSoon();
    }, LOOK_MS).unref();
  }

  private async probe(): Promise<void> {
    const failing = this.watch.troubles().filter(({ deed }) => deed === 'add');
    await Promise.all(
      failing.map(({ queue }) =>
        this.add(queue, { id: NOBODY, turn: 'probe', delayMs: 0 }).catch((error: unknown) =>
          this.failed(queue, 'add', error),
        ),
      ),
    );
  }

  private async pokeOnce(workName: string, turn: number): Promise<boolean> {
    // Due rows are looked for once the queue runs.
    if (this.isPaused(workName)) return true;
    const work = this.isResting ? undefined : this.takenHere.get(workName);
    if (work) {
      void this.runHere(work, POKED);
      return true;
    }
    return this.wake(workName, { id: POKED, turn: `${this.processId}-${turn}`, delayMs: 0 });
  }

  private async add(workName: string, { id, turn, delayMs, origin }: Wake): Promise<void> {
    let jobs = this.gathered.get(workName);
    if (!jobs) {
      jobs = new GatheredJobs((together) => answered(this.limits.answerMs, this.send(workName, together)));
      this.gathered.set(workName, jobs);
    }
    const sent = this.traces.sent(workName, origin);
    try {
      await jobs.add({ jobId: `${workName}-${id}-${turn}`, body: { id, ...sent.headers }, delayMs });
      sent.end();
    } catch (error) {
      sent.end('not_added');
      throw error;
    }
  }

  private async send(workName: string, jobs: readonly JobToAdd[]): Promise<void> {
    await this.backend.opened;
    const queue = this.queue(workName);
    const kept = {
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: { count: this.limits.mostFailed },
    };
    const bulk = jobs.map(({ jobId, body, delayMs }) => ({
      name: 'wake',
      data: body,
      opts: { ...kept, jobId, delay: Math.max(0, Math.round(delayMs)) },
    }));
    const [only] = bulk;
    // In PostgreSQL BullMQ makes two temporary tables for a bulk, which a single job does not pay back.
    if (bulk.length === 1 && only) await queue.add(only.name, only.data, only.opts);
    else await queue.addBulk(bulk);
    this.watch.succeeded(workName, 'add');
  }

  private async take(work: Work, job: Job<JobBody>): Promise<void> {
    // Taken in the moment of the pause. Its row is due all the same, and is found once the queue runs.
    if (this.isPaused(work.name)) return;
    // It was being taken when the rest began: put back for others, without counting an attempt and without a pause.
    if (this.isResting) throw new RateLimitError();
    const done = await this.run(work, job.data.id, job);
    if (done.next === 'done') return;
    // BullMQ puts the job back without counting a try, and no worker of the fleet takes another one meanwhile, but for
    // one that was taking in this very moment.
    await this.queue(work.name).rateLimit(done.pauseMs);
    throw new RateLimitError();
  }

  private run(work: Pick<Work, 'name' | 'run'>, id: string, job?: TakenJob): Promise<WorkDone> {
    // A poke is about no row, and so no part of anybody's trace.
    const isTraced = id !== POKED && id !== NOBODY;
    const running = isTraced ? this.traces.run(work, id, job) : work.run(id, Origin.NONE);
    this.running.add(running);
    return running.finally(() => this.running.delete(running));
  }

  private tellFailed(queue: string, id: string | undefined, error: unknown): void {
    this.log.error('work.failed', { origin: this.traces.originOf(error), queue, id }, error);
  }

  private isReachable(): Promise<boolean> {
    return answered(PING_TIMEOUT_MS, this.backend.ping()).then(
      () => true,
      () => false,
    );
  }

  private queue(name: string): JobQueue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = this.backend.queue(name);
    queue.on('error', (error) => this.failed(name, 'add', error));
    this.queues.set(name, queue);
    return queue;
  }
}
