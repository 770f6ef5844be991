import type { IQueueBackend } from 'bullmq';
import { patient } from './patient-backend.js';

/** The only method that a worker calls. */
const aBackend = (moveToActive: () => Promise<unknown>): IQueueBackend =>
  ({ moveToActive }) as unknown as IQueueBackend; // nothing else of it is called

const ROUND = ['asked', 'Error: the database is starting up', 'waited', 'heard'];

describe('a backend without a job', () => {
  it('passes on its answer at once', async () => {
    const backend = patient(
      aBackend(async () => ['job']),
      (fault) => expect(fault).toBeUndefined(),
      () => Promise.reject(new Error('nobody has to wait')),
    );
    await expect(backend.moveToActive('token')).resolves.toEqual(['job']);
  });

  it('delays an error for a worker, and so its next request', async () => {
    const happened: string[] = [];
    const backend = patient(
      aBackend(async () => {
        happened.push('asked');
        throw new Error('the database is starting up');
      }),
      (fault) => void happened.push(String(fault)),
      async () => void happened.push('waited'),
    );
    for (let round = 0; round < 2; round += 1) {
      await expect(backend.moveToActive('token')).rejects.toThrow('starting up');
      happened.push('heard');
    }
    expect(happened).toEqual([...ROUND, ...ROUND]);
  });
});
