import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataFolder } from './data-folder.js';
import { throwawayKeys } from './throwaway-keys.js';
import { throwawaySessionSecret } from './throwaway-secret-files.js';
import { throwawayTokens } from './throwaway-tokens.js';

describe('the folder of the embedded parts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made together with its parents, and may already exist', async () => {
    const wanted = join(folder, 'a/b');
    await makeDataFolder(wanted);
    await makeDataFolder(wanted);
    expect(statSync(wanted).isDirectory()).toBe(true);
  });

  it('is closed to others, and so is everything secret in it', async () => {
    const wanted = join(folder, 'closed');
    await makeDataFolder(wanted);
    await throwawayKeys(join(wanted, 'keys'));
    await throwawayTokens(wanted);
    await throwawaySessionSecret(wanted);
    const modeOf = (path: string): number => statSync(path).mode & 0o777;
    const modes = readdirSync(wanted, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.endsWith('-public.pem'))
      .map((name) => [name, modeOf(join(wanted, name)).toString(8)]);
    expect(Object.fromEntries(modes)).toEqual({
      'api-keys.json': '600',
      'console-session-secret': '600',
      keys: '700',
      'keys/alipayplus-private.pem': '600',
      'keys/mpp-private.pem': '600',
      'tokens.json': '600',
    });
    // The account of the embedded PostgreSQL passes through where root started it; it lists nothing.
    expect([0o700, process.getuid?.() === 0 ? 0o711 : 0o700]).toContain(modeOf(wanted));
    expect(modeOf(wanted) & 0o066).toBe(0);
  });

  it('is closed again when it was there and open, and so is everything secret in it', async () => {
    const wanted = join(folder, 'open');
    await makeDataFolder(wanted);
    await throwawayKeys(join(wanted, 'keys'));
    await throwawayTokens(wanted);
    const every = readdirSync(wanted, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(wanted, name),
    );
    for (const path of [wanted, ...every]) chmodSync(path, 0o777);
    await makeDataFolder(wanted);
    const open = [wanted, ...every].filter((path) => (statSync(path).mode & 0o066) !== 0);
    expect(open.filter((path) => !path.endsWith('-public.pem'))).toEqual([]);
  });

  it('is left as it is when it holds nothing of ours: it may have been named by mistake', async () => {
    const wanted = join(folder, 'of-somebody');
    mkdirSync(wanted);
    writeFileSync(join(wanted, 'letter.txt'), '');
    chmodSync(wanted, 0o777);
    await makeDataFolder(wanted);
    expect(statSync(wanted).mode & 0o777).toBe(0o777);
  });

  it.each([
    ['a file', file, 'which is a file; a folder is needed'],
    ['below a file', join(file, 'data'), 'which lies below a file'],
    ['of a name that is too long', join(folder, 'x'.repeat(300)), 'which is too long for a path'],
    ['where nobody can write', '/proc/data', 'which cannot be made'],
  ])('is refused, with the name of its setting, when it is %s', async (_what, path, fault) => {
    await expect(makeDataFolder(path)).rejects.toThrow('DATA_DIR: names ');
    await expect(makeDataFolder(path)).rejects.toThrow(fault);
  });
});
