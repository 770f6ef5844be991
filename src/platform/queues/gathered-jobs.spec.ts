import { GatheredJobs, type JobToAdd } from './gathered-jobs.js';

interface Call {
  readonly ids: readonly string[];
  readonly succeed: () => void;
  readonly fail: () => void;
}

/** A queue whose calls end when the test says so. */
function heldQueue() {
  const calls: Call[] = [];
  const jobs = new GatheredJobs(
    (together) =>
      new Promise((resolve, reject) => {
        const ids = together.map(({ jobId }) => jobId);
        calls.push({ ids, succeed: resolve, fail: () => reject(new Error('the queue is away')) });
      }),
  );
  return { calls, jobs, add: (jobId: string) => jobs.add(aJob(jobId)) };
}

function aJob(jobId: string): JobToAdd {
  return { jobId, body: { id: jobId }, delayMs: 0 };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('GatheredJobs', () => {
  it('sends a job at once when nothing is under way', async () => {
    const { calls, add } = heldQueue();
    const added = add('a');
    expect(calls.map(({ ids }) => ids)).toEqual([['a']]);
    calls[0]?.succeed();
    await expect(added).resolves.toBeUndefined();
  });

  it('sends the jobs that came meanwhile in one call, and reports to each when its own is done', async () => {
    const { calls, add } = heldQueue();
    const [first, ...others] = ['a', 'b', 'c'].map(add);
    let told = 0;
    for (const one of others) void one.then(() => (told += 1));
    calls[0]?.succeed();
    await first;
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
    expect(told).toBe(0);
    calls[1]?.succeed();
    await Promise.all(others);
  });

  it('reports a failed call to all its callers, and goes on with the next', async () => {
    const { calls, add } = heldQueue();
    const [first, second] = [add('a'), add('b')];
    calls[0]?.fail();
    await expect(first).rejects.toThrow('away');
    await turn();
    calls[1]?.succeed();
    await expect(second).resolves.toBeUndefined();
  });

  it('carries at most a hundred at a time', async () => {
    const { calls, add } = heldQueue();
    const all = Array.from({ length: 252 }, (_, at) => add(`job-${at}`));
    for (let at = 0; at < 4; at += 1) {
      calls[at]?.succeed();
      await turn();
    }
    await Promise.all(all);
    expect(calls.map(({ ids }) => ids.length)).toEqual([1, 100, 100, 51]);
  });
});
