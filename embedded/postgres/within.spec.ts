import { within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('a wait with a limit', () => {
  test('passes on the result', async () => {
    await expect(within(60_000, 'it is there', Promise.resolve('it'))).resolves.toBe('it');
  });

  test('passes on the error', async () => {
    await expect(within(60_000, 'it is there', Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });

  test('names what did not come in time', async () => {
    await expect(within(10, 'it is there', never)).rejects.toThrow('waited 0.01 s in vain until it is there');
  });
});
