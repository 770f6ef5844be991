import { randomUUID } from 'node:crypto';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import { WorkQueues } from '../../../src/platform/queues/work-queues.js';
import type { Wake } from '../../../src/platform/queues/work.js';
import { until } from '../service/until.js';
import type { QueueHome } from './queue-home.js';
import type { RecordedWork } from './recorded-work.js';

/** A home for queues and the processes of one test that use it. */
export class QueueLab {
  private readonly processes: WorkQueues[] = [];
  private lines: Record<string, unknown>[] = [];

  constructor(readonly home: QueueHome) {}

  /** What one process has. */
  aProcess(): WorkQueues {
    const log = new EventLog({ level: 'debug' }, { write: (line) => void this.lines.push(JSON.parse(line)) });
    const queues = new WorkQueues(this.home.backend(), log);
    this.processes.push(queues);
    return queues;
  }

  aName(): string {
    return `work-${randomUUID().slice(0, 8)}`;
  }

  logged(event: string, queue: string): Record<string, unknown>[] {
    return this.lines.filter((line) => line['event'] === event && line['queue'] === queue);
  }

  async ran(work: RecordedWork, id: string, times = 1): Promise<void> {
    await until(`${id} has run ${times} times`, () => work.timesRun(id) >= times);
  }

  /** Nothing waits, nothing is delayed and nothing runs. */
  async isIdle(queues: WorkQueues, name: string): Promise<void> {
    await until('the queue is empty', async () => {
      const { waiting, active, delayed } = await queues.counts(name);
      return waiting === 0 && active === 0 && delayed === 0;
    });
  }

  /** Ends all processes as a shutdown would. */
  async closeAll(): Promise<void> {
    this.lines = [];
    await Promise.all(
      this.processes.splice(0).map(async (queues) => {
        await queues.beforeApplicationShutdown();
        await queues.onApplicationShutdown();
      }),
    );
  }
}

export function now(id: string, turn = '0'): Wake {
  return { id, turn, delayMs: 0 };
}

export function later(id: string, delayMs: number, turn = '0'): Wake {
  return { id, turn, delayMs };
}
