import { randomUUID } from 'node:crypto';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import type { QueueLimits } from '../../../src/platform/queues/answer-in-time.js';
import { WorkQueues } from '../../../src/platform/queues/work-queues.js';
import type { QueueBackend } from '../../../src/platform/queues/queue-backend.js';
import type { Wake } from '../../../src/platform/queues/work.js';
import { until } from '../service/until.js';
import type { QueueHome } from './queue-home.js';
import type { RecordedWork } from './recorded-work.js';

/** Few, so that a test soon has more of them. */
export const MOST_FAILED = 40;

/** An answering backend is waited for as long as a busy machine needs. */
const PATIENT: QueueLimits = { answerMs: 60_000, silenceMs: 1_000, closeMs: 60_000, mostFailed: MOST_FAILED };

/** A server for queues and the processes of one test that use it. */
export class QueueLab {
  private readonly processes: WorkQueues[] = [];
  private written: Record<string, unknown>[] = [];
  private readonly closing = new Set<string>();
  private limits = { ...PATIENT };

  constructor(readonly home: QueueHome) {}

  /** The queues of one process. */
  aProcess(): WorkQueues {
    const log = new EventLog(
      { level: 'debug' },
      { write: (line) => void this.written.push(JSON.parse(line)) },
    );
    const queues = new WorkQueues(this.watched(this.home.backend()), log, this.limits);
    this.processes.push(queues);
    return queues;
  }

  /** Gives up soon on later answers that do not come. */
  expectSilence(silenceMs: number): void {
    Object.assign(this.limits, { answerMs: 250, silenceMs });
  }

  /** Whether the process that took jobs with this name takes no more. */
  isClosing(name: string): boolean {
    return this.closing.has(name);
  }

  aName(): string {
    return `work-${randomUUID().slice(0, 8)}`;
  }

  logged(event: string, queue: string): Record<string, unknown>[] {
    return this.written.filter((line) => line['event'] === event && line['queue'] === queue);
  }

  /** All events whose name begins like this. */
  lines(stem: string, levels = ['debug', 'info', 'warn', 'error']): Record<string, unknown>[] {
    return this.written.filter(
      ({ event, level }) => String(event).startsWith(stem) && levels.includes(String(level)),
    );
  }

  async ran(work: RecordedWork, id: string, times = 1): Promise<void> {
    await until(`${id} has run ${times} times`, () => work.timesRun(id) >= times);
  }

  /** No job waits, is delayed or runs. */
  async isIdle(queues: WorkQueues, name: string): Promise<void> {
    await until('the queue is empty', async () => {
      const { waiting, active, delayed } = await queues.counts(name);
      return waiting === 0 && active === 0 && delayed === 0;
    });
  }

  /** Ends all processes as a shutdown would. */
  async closeAll(): Promise<void> {
    this.written = [];
    this.limits = { ...PATIENT };
    await Promise.all(
      this.processes.splice(0).map(async (queues) => {
        await queues.beforeApplicationShutdown();
        await queues.onApplicationShutdown();
      }),
    );
  }

  private watched(backend: QueueBackend): QueueBackend {
    return {
      ...backend,
      worker: (name, run, concurrency) => {
        const worker = backend.worker(name, run, concurrency);
        const close = worker.close.bind(worker);
        worker.close = (force) => {
          const closed = close(force);
          this.closing.add(name);
          return closed;
        };
        return worker;
      },
    };
  }
}

export function now(id: string, turn = '0'): Wake {
  return { id, turn, delayMs: 0 };
}

export function later(id: string, delayMs: number, turn = '0'): Wake {
  return { id, turn, delayMs };
}
