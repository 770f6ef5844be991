import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './settings.js';
import { mppEnvironment, standAlone } from './stand-alone.js';

jest.setTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twin-alone-'));
});
afterEach(() => rm(folder, { recursive: true }));

function start(): ReturnType<typeof standAlone> {
  return standAlone(readSettings({ TWIN_DATA_DIR: join(folder, 'deep', 'er') }));
}

describe('a twin without configured keys', () => {
  it('makes two pairs, keeps them to itself, and finds them again', async () => {
    const first = await start();
    const key = await readFile(first.mpp.privateKeyFile, 'utf8');
    const second = await start();
    expect(await readFile(second.mpp.privateKeyFile, 'utf8')).toBe(key);
    expect((await stat(first.twin.privateKeyFile)).mode & 0o077).toBe(0);
    expect(first.settings).toMatchObject({
      privateKeyFiles: new Map([['1', first.twin.privateKeyFile]]),
      dataDir: join(folder, 'deep', 'er'),
    });
    expect(first.settings.mppPublicKeyFiles?.get('*')).toBe(first.mpp.publicKeyFile);
  });

  it('makes a new pair when one half is lost or does not fit', async () => {
    const first = await start();
    await writeFile(first.mpp.publicKeyFile, await readFile(first.twin.publicKeyFile));
    const before = await readFile(first.mpp.privateKeyFile, 'utf8');
    const second = await start();
    expect(await readFile(second.mpp.privateKeyFile, 'utf8')).not.toBe(before);
    expect(await readFile(second.twin.privateKeyFile, 'utf8')).toBe(
      await readFile(first.twin.privateKeyFile, 'utf8'),
    );
  });

  it('prints the settings that the MPP needs', async () => {
    const alone = await start();
    const twin = { url: 'http://127.0.0.1:4000', port: 4000, close: () => Promise.resolve() };
    expect(mppEnvironment(twin, alone)).toEqual({
      ALIPAYPLUS_BASE_URL: 'http://127.0.0.1:4000',
      ALIPAYPLUS_CLIENT_ID: 'SANDBOX_TWIN_MPP',
      ALIPAYPLUS_PRIVATE_KEY_FILE: alone.mpp.privateKeyFile,
      ALIPAYPLUS_KEY_VERSION: '1',
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${alone.twin.publicKeyFile}`,
      ALIPAYPLUS_NOTIFY_HOSTS: '127.0.0.1:4000',
    });
  });
});
