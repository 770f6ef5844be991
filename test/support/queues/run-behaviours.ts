import { DONE, type WorkDone } from '../../../src/platform/queues/work.js';
import { latch } from './latch.js';
import { until } from '../service/until.js';
import { now, type QueueLab } from './queue-lab.js';
import { RecordedWork } from './recorded-work.js';

const ROUNDING_MS = 5;

/** How work runs: failing, pausing, many at once, by many processes. */
export function runBehaviours(lab: () => QueueLab): void {
  it('logs and keeps work that throws, and goes on with the others (failures 20)', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(
      lab().aName(),
      (id) => {
        if (id === 'bad') throw new Error('out of order');
        return DONE;
      },
      1,
    );
    queues.start(work);
    await queues.wake(work.name, now('bad'));
    await queues.wake(work.name, now('good'));
    await lab().ran(work, 'good');
    await lab().isIdle(queues, work.name);
    expect(await queues.counts(work.name)).toMatchObject({ failed: 1 });
    expect(work.runs).toEqual(['bad', 'good']);
    expect(lab().logged('work.failed', work.name)).toMatchObject([{ level: 'error', id: 'bad' }]);
  });

  it('takes no job while its process is paused, finishes the running one, and goes on afterwards', async () => {
    const queues = lab().aProcess();
    const [begun, mayEnd] = [latch(), latch()];
    const work = new RecordedWork(lab().aName(), async (id) => {
      if (id !== 'in-hand') return DONE;
      begun.open();
      await mayEnd.opened;
      return DONE;
    });
    queues.start(work);
    await queues.wake(work.name, now('in-hand'));
    await begun.opened;
    queues.rest(true);
    await queues.wake(work.name, now('new'));
    await queues.poke(work.name);
    mayEnd.open();
    await until('what was in hand is done', () => work.timesRun('in-hand') === 1);
    // Another process runs it, long before ours could be late.
    const other = lab().aProcess();
    const others = new RecordedWork(work.name, () => DONE);
    other.start(others);
    await lab().ran(others, 'new');
    expect(work.runs).toEqual(['in-hand']);
    other.rest(true);
    queues.rest(false);
    await queues.wake(work.name, now('later'));
    await lab().ran(work, 'later');
    expect(others.runs).not.toContain('later');
  });

  it('pauses the whole queue, for every process, then runs the same id again and counts no failure', async () => {
    const [one, two] = [lab().aProcess(), lab().aProcess()];
    const pauseMs = 800;
    let pausedAt = 0;
    const work = new RecordedWork(lab().aName(), () => {
      if (pausedAt > 0) return DONE;
      pausedAt = performance.now();
      return { next: 'pause', pauseMs };
    });
    for (const queues of [one, two]) queues.start(work);
    await one.wake(work.name, now('throttled'));
    await until('it has asked for a pause', () => pausedAt > 0);
    // The pause has begun when the job is back among the waiting ones. A busy machine may miss that moment.
    await until('the job is back', async () => {
      const { waiting } = await one.counts(work.name);
      return waiting === 1 || work.timesRun('throttled') === 2;
    });
    for (const [queues, id] of [
      [one, 'b'],
      [two, 'c'],
      [one, 'd'],
    ] as const) {
      await queues.wake(work.name, now(id));
    }
    await lab().isIdle(one, work.name);
    expect([...work.runs].sort()).toEqual(['b', 'c', 'd', 'throttled', 'throttled']);
    // PostgreSQL checks for a pause in one statement and takes a job in the next: a job that the other process was
    // taking at the moment of the pause still runs, once. Decodes have a pause of their own in rows.
    const early = work.beganAt.slice(1).filter((beganAt) => beganAt - pausedAt < pauseMs - ROUNDING_MS);
    expect(early.length).toBeLessThanOrEqual(1);
    expect(await one.counts(work.name)).toMatchObject({ failed: 0 });
    expect(lab().logged('work.failed', work.name)).toEqual([]);
  });

  it('pauses as often as it is asked to, and counts no attempt', async () => {
    const queues = lab().aProcess();
    const pause: WorkDone = { next: 'pause', pauseMs: 60 };
    const work = new RecordedWork(lab().aName(), (_id, times) => (times <= 3 ? pause : DONE), 2);
    queues.start(work);
    await queues.wake(work.name, now('patient'));
    await lab().ran(work, 'patient', 4);
    await lab().isIdle(queues, work.name);
    expect(work.runs).toHaveLength(4);
    expect(await queues.counts(work.name)).toMatchObject({ failed: 0 });
  });

  it('runs as many at once as the work allows, and no more', async () => {
    const queues = lab().aProcess();
    const { opened, open } = latch();
    const work = new RecordedWork(lab().aName(), () => opened, 3);
    queues.start(work);
    const ids = Array.from({ length: 12 }, (_, at) => `job-${at}`);
    await Promise.all(ids.map((id) => queues.wake(work.name, now(id))));
    await until('three are running', () => work.running === 3);
    expect(await queues.counts(work.name)).toMatchObject({ waiting: 9, active: 3 });
    open();
    for (const id of ids) await lab().ran(work, id);
    expect(work.mostAtOnce).toBe(3);
    expect(work.runs).toHaveLength(12);
  });

  it('shares the work between two processes and runs no job twice', async () => {
    const name = lab().aName();
    const taken = new Set<number>();
    const bothHaveTaken = () => until('both have taken work', () => taken.size === 2);
    const processes = [0, 1].map((at) => {
      // Neither runs ahead: each process has to take something before either goes on.
      const work = new RecordedWork(name, async () => {
        taken.add(at);
        await bothHaveTaken();
        return DONE;
      });
      return { queues: lab().aProcess(), work };
    });
    const ids = Array.from({ length: 60 }, (_, at) => `job-${at}`);
    await Promise.all(ids.map((id, at) => processes[at % 2]!.queues.wake(name, now(id))));
    for (const { queues, work } of processes) queues.start(work);
    const all = () => processes.flatMap(({ work }) => work.runs);
    await until('all have run', () => new Set(all()).size === ids.length);
    await lab().isIdle(processes[0]!.queues, name);
    expect(all().sort()).toEqual([...ids].sort());
  });

  it('waits for a running job when it is closed, and takes no other', async () => {
    const queues = lab().aProcess();
    const { opened, open } = latch();
    const work = new RecordedWork(lab().aName(), () => opened, 1);
    queues.start(work);
    await queues.wake(work.name, now('in-hand'));
    await queues.wake(work.name, now('next'));
    await lab().ran(work, 'in-hand');
    let isClosed = false;
    const closing = queues.beforeApplicationShutdown().then(() => (isClosed = true));
    await until('it takes no more jobs', () => lab().isClosing(work.name));
    // Meanwhile a process without a running job closes completely.
    const idle = lab().aProcess();
    const over = new RecordedWork(lab().aName());
    idle.start(over);
    await idle.wake(over.name, now('over'));
    await lab().ran(over, 'over');
    await idle.beforeApplicationShutdown();
    expect(isClosed).toBe(false);
    open();
    await closing;
    expect(work.running).toBe(0);
    expect(work.runs).toEqual(['in-hand']);

    const rest = new RecordedWork(work.name);
    lab().aProcess().start(rest);
    await lab().ran(rest, 'next');
    expect(rest.runs).toEqual(['next']);
  });
}
