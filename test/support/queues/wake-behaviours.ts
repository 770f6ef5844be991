import { randomUUID } from 'node:crypto';
import { DONE, type WorkDone } from '../../../src/platform/queues/work.js';
import { until } from '../service/until.js';
import { latch } from './latch.js';
import { later, now, type QueueLab } from './queue-lab.js';
import { RecordedWork } from './recorded-work.js';

/** A timer may fire this much early, because two clocks round differently. */
const ROUNDING_MS = 5;

/** The effect of a wake. */
export function wakeBehaviours(lab: () => QueueLab): void {
  it('runs what was woken, with its id', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    queues.start(work);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) expect(await queues.wake(work.name, now(id))).toBe(true);
    for (const id of ids) await lab().ran(work, id);
    await lab().isIdle(queues, work.name);
    expect([...work.runs].sort()).toEqual([...ids].sort());
  });

  it('runs what was woken before any process took work', async () => {
    const [sender, taker] = [lab().aProcess(), lab().aProcess()];
    const work = new RecordedWork(lab().aName());
    expect(await sender.wake(work.name, now('early'))).toBe(true);
    taker.start(work);
    await lab().ran(work, 'early');
  });

  it('runs a delayed wake after its delay and never before', async () => {
    const queues = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    queues.start(work);
    await queues.wake(work.name, now('first'));
    await lab().ran(work, 'first');
    const wokenAt = performance.now();
    await queues.wake(work.name, later('later', 500));
    await queues.wake(work.name, later('soon', 250.4));
    for (const id of ['soon', 'later']) await lab().ran(work, id);
    expect(work.runs).toHaveLength(3);
    expect(work.began('soon') - wokenAt).toBeGreaterThanOrEqual(250 - ROUNDING_MS);
    expect(work.began('later') - wokenAt).toBeGreaterThanOrEqual(500 - ROUNDING_MS);
  });

  it('makes one run of many wakes for one turn', async () => {
    const [one, two] = [lab().aProcess(), lab().aProcess()];
    const work = new RecordedWork(lab().aName());
    const wakes = [one, two, one, two].map((queues) => queues.wake(work.name, later('same', 100, '7')));
    expect(await Promise.all(wakes)).toEqual([true, true, true, true]);
    one.start(work);
    two.start(work);
    await lab().ran(work, 'same');
    await lab().isIdle(one, work.name);
    expect(work.runs).toEqual(['same']);
  });

  it('never swallows a wake for another turn, whatever the outcome of the one before', async () => {
    const queues = lab().aProcess();
    let finish = (): void => undefined;
    const work = new RecordedWork(lab().aName(), (id, times) => {
      if (id === 'fails' && times === 1) throw new Error('first turn');
      if (id !== 'runs' || times > 1) return DONE;
      return new Promise<WorkDone>((resolve) => (finish = () => resolve(DONE)));
    });
    queues.start(work);
    await queues.wake(work.name, now('fails', '0'));
    await until('it is kept as failed', async () => (await queues.counts(work.name))['failed'] === 1);
    await queues.wake(work.name, now('fails', '1'));
    await lab().ran(work, 'fails', 2);

    await queues.wake(work.name, now('runs', '0'));
    await lab().ran(work, 'runs', 1);
    await queues.wake(work.name, now('runs', '1'));
    await lab().ran(work, 'runs', 2);
    finish();

    await queues.wake(work.name, later('waits', 60_000, '0'));
    await queues.wake(work.name, now('waits', '1'));
    await lab().ran(work, 'waits', 1);
  });

  it('names a job by work, id and turn, in characters every backend takes', async () => {
    const queues = lab().aProcess();
    const name = lab().aName();
    const id = randomUUID();
    const turns = ['0', `3-${Date.now()}`, '12-swept-340000000'];
    for (const turn of turns) expect(await queues.wake(name, later(id, 60_000, turn))).toBe(true);
    const jobIds = await lab().home.jobIds(name);
    expect(jobIds.sort()).toEqual(turns.map((turn) => `${name}-${id}-${turn}`).sort());
    for (const jobId of jobIds) expect(jobId).toMatch(/^[a-z][a-z0-9-]+$/);
  });

  it('deletes every waiting and delayed job when emptied, and works on afterwards', async () => {
    const [one, two] = [lab().aProcess(), lab().aProcess()];
    const work = new RecordedWork(lab().aName());
    for (const id of ['a', 'b', 'c']) await one.wake(work.name, now(id));
    for (const id of ['d', 'e']) await one.wake(work.name, later(id, 150));
    expect(await one.counts(work.name)).toMatchObject({ waiting: 3, delayed: 2 });
    await one.empty(work.name);
    expect(await one.counts(work.name)).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    expect(await lab().home.jobIds(work.name)).toEqual([]);
    two.start(work);
    // Its delay is longer than that of the deleted ones.
    await two.wake(work.name, later('after', 300));
    await lab().ran(work, 'after');
    expect(work.runs).toEqual(['after']);

    await two.wake(work.name, later('gone', 60_000));
    await one.empty(work.name);
    await one.wake(work.name, now('again'));
    await lab().ran(work, 'again');
    expect(work.runs).toEqual(['after', 'again']);
    expect(await lab().home.jobIds(work.name)).not.toContain(`${work.name}-gone-0`);
  });

  it('checks without a job for work that this process takes, and with one for any other', async () => {
    const [taker, other] = [lab().aProcess(), lab().aProcess()];
    const { opened, open } = latch();
    const work = new RecordedWork(lab().aName(), (_id, times) =>
      times === 1 ? opened.then(() => DONE) : DONE,
    );
    taker.start(work);
    expect(await taker.poke(work.name)).toBe(true);
    expect(work.runs).toEqual(['due']);
    expect(await lab().home.jobIds(work.name)).toEqual([]);
    open();
    expect(await other.poke(work.name)).toBe(true);
    await lab().ran(work, 'due', 2);
  });

  it('leaves checks to others once it stops taking work', async () => {
    const taker = lab().aProcess();
    const work = new RecordedWork(lab().aName());
    taker.start(work);
    await taker.wake(work.name, now('before'));
    await lab().ran(work, 'before');
    await taker.beforeApplicationShutdown();
    expect(await taker.poke(work.name)).toBe(true);
    expect(work.runs).toEqual(['before']);
    expect(await taker.counts(work.name)).toMatchObject({ waiting: 1 });
  });
}
