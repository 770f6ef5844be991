import { DONE } from '../../../src/platform/queues/work.js';
import { until } from '../service/until.js';
import { later, MOST_FAILED, now, type QueueLab } from './queue-lab.js';
import { RecordedWork } from './recorded-work.js';

const JOBS = 400;
const AT_ONCE = 16;
const PATIENCE_MS = 120_000;

/** The data that stay in the backend when the work is over: nothing that grows with the work. */
export function retentionBehaviours(lab: () => QueueLab): void {
  it('keeps no finished job, and few lines of its events', async () => {
    const queues = lab().aProcess();
    const isOdd = (id: string): boolean => Number(id) % 2 === 1;
    // Some of them wait for a while, and a few are put back once by a pause.
    const work = new RecordedWork(
      lab().aName(),
      (id, times) => (Number(id) % 100 === 0 && times === 1 ? { next: 'pause', pauseMs: 10 } : DONE),
      AT_ONCE,
    );
    queues.start(work);
    const ids = Array.from({ length: JOBS }, (_, at) => String(at));
    await Promise.all(ids.map((id) => queues.wake(work.name, isOdd(id) ? later(id, 20) : now(id))));
    await until('all have run', () => new Set(work.runs).size === JOBS, PATIENCE_MS);
    await lab().isIdle(queues, work.name);
    expect(await lab().home.jobIds(work.name)).toEqual([]);
    // Each job makes four lines or more; the stream is cut now and then.
    expect(await lab().home.toldLines(work.name)).toBeLessThan(JOBS * 2);
  });

  it('keeps a limited number of failed jobs', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(
      lab().aName(),
      () => {
        throw new Error('out of order');
      },
      AT_ONCE,
    );
    queues.start(work);
    const ids = Array.from({ length: MOST_FAILED + 100 }, (_, at) => `job-${at}`);
    await Promise.all(ids.map((id) => queues.wake(work.name, now(id))));
    await until('all have run', () => work.runs.length === ids.length, PATIENCE_MS);
    await lab().isIdle(queues, work.name);
    const kept = (await lab().home.jobIds(work.name)).length;
    expect(await queues.counts(work.name)).toMatchObject({ failed: kept });
    expect(kept).toBeGreaterThanOrEqual(MOST_FAILED);
    // Jobs that fail at the same moment do not see each other.
    expect(kept).toBeLessThan(MOST_FAILED + AT_ONCE);
  });

  it('deletes jobs that failed long ago, although none fails after them', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName(), () => {
      throw new Error('out of order');
    });
    queues.start(work);
    for (const id of ['a', 'b', 'c']) await queues.wake(work.name, now(id));
    await until('they have failed', async () => (await queues.counts(work.name))['failed'] === 3);
    expect(await queues.forgetFailed(work.name, 3_600_000)).toBe(0);
    expect(await lab().home.jobIds(work.name)).toHaveLength(3);
    await until('time has passed', async () => (await queues.forgetFailed(work.name, 1)) === 3);
    expect(await lab().home.jobIds(work.name)).toEqual([]);
  });

  it('reports when old jobs cannot be deleted because it cannot be reached', async () => {
    const queues = lab().aProcess();
    const name = lab().aName();
    await queues.wake(name, later('waits', 60_000));
    await lab().home.gate.shut();
    expect(await queues.forgetFailed(name, 1)).toBe(0);
    expect(lab().logged('queue.unreachable', name)).toHaveLength(1);
  });
}
