import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataFolder } from './data-folder.js';

describe('the folder of the embedded parts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made with those above it, and may be there', async () => {
    const wanted = join(folder, 'a/b');
    await makeDataFolder(wanted);
    await makeDataFolder(wanted);
    expect(statSync(wanted).isDirectory()).toBe(true);
  });

  it.each([
    ['a file', file, 'which is a file; a folder is needed'],
    ['below a file', join(file, 'data'), 'which lies below a file'],
    ['of a name that is too long', join(folder, 'x'.repeat(300)), 'which is too long for a path'],
    ['where nobody can write', '/proc/data', 'which cannot be made'],
  ])('is refused by its setting when it is %s', async (_what, path, fault) => {
    await expect(makeDataFolder(path)).rejects.toThrow('DATA_DIR: names ');
    await expect(makeDataFolder(path)).rejects.toThrow(fault);
  });
});
