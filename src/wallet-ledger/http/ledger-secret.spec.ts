import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingFault } from '../../platform/config/load-settings.js';
import { readLedgerSecret } from './ledger-secret.js';

describe('readLedgerSecret', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ledger-secret-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const fileOf = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  it('reads the bytes of the file without the line break at its end', async () => {
    const secret = 's'.repeat(32);
    for (const [name, end] of Object.entries({ bare: '', unix: '\n', windows: '\r\n' }))
      expect(await readLedgerSecret(await fileOf(name, secret + end), [])).toEqual(Buffer.from(secret));
  });

  it.each([
    ['a short secret', 'hush-hush', 'must hold at least 32 bytes'],
    ['no such file', undefined, 'is not there'],
  ])('refuses %s, naming the setting and never the secret', async (_what, content, rule) => {
    const path = content === undefined ? join(folder, 'nowhere') : await fileOf('short', content);
    const faults: SettingFault[] = [];
    expect(await readLedgerSecret(path, faults)).toBeUndefined();
    expect(faults).toEqual([{ name: 'WALLET_LEDGER_SECRET_FILE', rule: `names ${path}, which ${rule}` }]);
  });
});
