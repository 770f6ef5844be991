import { within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('work with a time limit', () => {
  test('gives its result when it ends in time', async () => {
    await expect(within(60_000, Promise.resolve('done'), () => 'late')).resolves.toBe('done');
  });

  test('passes on its error', async () => {
    await expect(within(60_000, Promise.reject(new Error('gone')), () => 'late')).rejects.toThrow('gone');
  });

  test('is replaced by another answer when the time is up', async () => {
    await expect(within(10, never, () => 'late')).resolves.toBe('late');
  });

  test('fails when the time is up and the caller says so', async () => {
    const late = (): never => {
      throw new Error('no answer');
    };
    await expect(within(10, never, late)).rejects.toThrow('no answer');
  });
});
