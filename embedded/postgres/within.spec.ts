import { within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('a wait with a limit', () => {
  test('gives what was waited for', async () => {
    await expect(within(60_000, 'it is there', Promise.resolve('it'))).resolves.toBe('it');
  });

  test('passes on why it will never come', async () => {
    await expect(within(60_000, 'it is there', Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });

  test('names what it waited for in vain', async () => {
    await expect(within(10, 'it is there', never)).rejects.toThrow('waited 0.01 s in vain until it is there');
  });
});
