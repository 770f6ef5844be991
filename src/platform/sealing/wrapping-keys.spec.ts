import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileWrappingKeys } from './wrapping-keys.js';

const directory = mkdtempSync(join(tmpdir(), 'wrapping-'));
afterAll(() => rmSync(directory, { recursive: true }));

const line = (name: string): string => `${name} ${randomBytes(32).toString('base64')}`;

function keysOf(...lines: string[]): FileWrappingKeys {
  const path = join(directory, 'data-keys');
  writeFileSync(path, lines.join('\n'));
  return new FileWrappingKeys(path);
}

describe('wrapping keys in a file', () => {
  const DATA_KEY = randomBytes(32);
  const [march, april] = [line('2026-03'), line('2026-04')];

  it('wrap with the first and unwrap with all, past comments and blank lines', async () => {
    const wrapped = await keysOf('# ours', march).wrap(DATA_KEY, 'data_key:1:seal');
    expect(wrapped.wrappingKey).toBe('2026-03');
    const both = keysOf(april, '', march);
    expect(both.current).toBe('2026-04');
    expect(await both.unwrap(wrapped, 'data_key:1:seal')).toEqual(DATA_KEY);
  });

  it('accept the base64 of URLs too, without the sign at its end', async () => {
    const url = `k ${randomBytes(32).toString('base64url')}`;
    const keys = keysOf(url);
    expect(await keys.unwrap(await keys.wrap(DATA_KEY, 'c'), 'c')).toEqual(DATA_KEY);
  });

  it('unwrap for the same id and purpose only', async () => {
    const keys = keysOf(march);
    const wrapped = await keys.wrap(DATA_KEY, 'data_key:1:seal');
    await expect(keys.unwrap(wrapped, 'data_key:2:seal')).rejects.toThrow('DATA_KEYS_FILE');
  });

  it('name the key that is missing, or that is another one with the same name', async () => {
    const wrapped = await keysOf(march).wrap(DATA_KEY, 'c');
    await expect(keysOf(april).unwrap(wrapped, 'c')).rejects.toThrow(/DATA_KEYS_FILE: .*has no key 2026-03/);
    await expect(keysOf(line('2026-03')).unwrap(wrapped, 'c')).rejects.toThrow(
      /DATA_KEYS_FILE: .*another key under the name 2026-03/,
    );
  });

  it.each([
    ['nothing', [], /is empty/],
    ['comments only', ['# none'], /is empty/],
    ['a key without a name', [randomBytes(32).toString('base64')], /has a line 1 that is not a name/],
    ['a short key', [`a ${randomBytes(16).toString('base64')}`], /has a line 1/],
    ['a word behind the key', [`${march} x`], /has a line 1/],
    ['a name twice', [march, line('2026-03')], /two keys of the name 2026-03/],
  ])('refuse a file with %s, and never repeat its content', (_what, lines, rule) => {
    expect(() => keysOf(...lines)).toThrow(rule);
    expect(() => keysOf(...lines)).not.toThrow(march.split(' ')[1]);
  });

  it('refuse a file that is not there', () => {
    expect(() => new FileWrappingKeys(join(directory, 'nowhere'))).toThrow(/DATA_KEYS_FILE: .*is not there/);
  });
});
