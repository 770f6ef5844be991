import { DONE } from '../../../src/platform/queues/work.js';
import { inTime } from './in-time.js';
import { latch } from './latch.js';
import { until } from '../service/until.js';
import { now, type QueueLab } from './queue-lab.js';
import { RecordedWork } from './recorded-work.js';

/** Behaviour while the backend is down. The jest runner fails a test that leaves a rejection unhandled. */
export function outageBehaviours(lab: () => QueueLab): void {
  const OUTAGES = [
    ['refuses connections', () => lab().home.gate.shut()],
    ['swallows everything', async () => lab().home.gate.block()],
  ] as const;

  it.each(OUTAGES)('answers false soon while the backend %s, and true when it is back', async (_how, cut) => {
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    queues.start(work);
    await queues.wake(work.name, now('before'));
    await lab().ran(work, 'before');
    lab().expectSilence(100);
    await cut();
    const wakes = Promise.all(['x', 'y'].map((id) => queues.wake(work.name, now(id))));
    expect(await inTime('the answers', wakes)).toEqual([false, false]);
    expect(lab().logged('queue.unreachable', work.name)).toHaveLength(1);
    await lab().home.gate.open();
    await until('it can be woken again', () => queues.wake(work.name, now('after')));
    await lab().ran(work, 'after');
  });

  it('delays nobody for a backend that has just failed to answer', async () => {
    const queues = lab().aProcess();
    const name = lab().aName();
    expect(await queues.wake(name, now('before'))).toBe(true);
    lab().expectSilence(3_600_000);
    lab().home.gate.block();
    expect(await queues.wake(name, now('first'))).toBe(false);
    expect(lab().logged('queue.unreachable', name)).toHaveLength(1);
    for (let at = 0; at < 10; at += 1) expect(await queues.wake(name, now(`next-${at}`))).toBe(false);
    // The answer was false without a call.
    expect(lab().logged('queue.unreachable', name)).toHaveLength(1);
  });

  it('recovers although the backend was down when it was first used', async () => {
    await lab().home.gate.shut();
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    queues.start(work);
    expect(await queues.wake(work.name, now('too-early'))).toBe(false);
    await lab().home.gate.open();
    await until('it can be woken', () => queues.wake(work.name, now('in-time')));
    await lab().ran(work, 'in-time');
  });

  it('goes on checking for its own work while the backend is down', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    queues.start(work);
    await queues.wake(work.name, now('before'));
    await lab().ran(work, 'before');
    await lab().home.gate.shut();
    expect(await inTime('the look', queues.poke(work.name))).toBe(true);
    expect(work.runs).toEqual(['before', 'due']);
  });

  it('finishes a running job although the backend goes down', async () => {
    const queues = lab().aProcess();
    let finished = 0;
    let finish = (): void => undefined;
    const goesOn = new Promise<void>((resolve) => (finish = resolve));
    const work = new RecordedWork(lab().aName(), async () => {
      await goesOn;
      finished += 1;
      return DONE;
    });
    queues.start(work);
    await queues.wake(work.name, now('in-hand'));
    await lab().ran(work, 'in-hand');
    await lab().home.gate.shut();
    const closing = queues.beforeApplicationShutdown();
    finish();
    await inTime('closing', closing);
    expect(finished).toBe(1);
  });

  it('can be closed while the backend is down, used before or not', async () => {
    const [used, unused] = [lab().aProcess(), lab().aProcess()];
    const work = new RecordedWork(lab().aName());
    used.start(work);
    await used.wake(work.name, now('first'));
    await lab().ran(work, 'first');
    await lab().home.gate.shut();
    unused.start(new RecordedWork(lab().aName()));
    await unused.wake(work.name, now('never'));
    await inTime('closing', lab().closeAll());
  });

  it('reports a backend that refuses it, and works on afterwards', async () => {
    const queues = lab().aProcess();
    const { opened, open } = latch();
    const work = new RecordedWork(lab().aName(), () => opened, 1);
    queues.start(work);
    for (const id of ['in-hand', 'waiting']) await queues.wake(work.name, now(id));
    await lab().ran(work, 'in-hand');
    await lab().home.refuseWork(true);
    try {
      open();
      expect(await queues.wake(work.name, now('refused'))).toBe(false);
      await until('it says so', () => lab().logged('queue.unreachable', work.name).length > 0);
      expect(queues.watch.troubles()).toContainEqual(
        expect.objectContaining({ queue: work.name, deed: 'add' }),
      );
    } finally {
      await lab().home.refuseWork(false);
    }
    await lab().ran(work, 'waiting');
    // Nobody wakes anything meanwhile.
    await until('it is known to be over', () => queues.watch.troubles().length === 0);
    await until('it is said', () => lab().lines('queue.reached_again').length > 0);
    await until('it can be woken again', () => queues.wake(work.name, now('after')));
    await lab().ran(work, 'after');
  });

  it('writes few lines about an outage, however many wakes fail', async () => {
    const queues = lab().aProcess();
    const works = Array.from({ length: 3 }, () => new RecordedWork(lab().aName()));
    works.forEach((work) => queues.start(work));
    for (const work of works) await queues.wake(work.name, now('before'));
    lab().expectSilence(0);
    await lab().home.gate.shut();
    for (let at = 0; at < 40; at += 1) {
      for (const work of works) await queues.wake(work.name, now(`at-${at}`));
    }
    expect(lab().lines('queue.', ['info', 'warn', 'error'])).toHaveLength(1);
    await lab().home.gate.open();
    await until('it is over', () => lab().lines('queue.reached_again').length > 0);
    expect(lab().lines('queue.', ['info', 'warn', 'error'])).toHaveLength(2);
  });
}
