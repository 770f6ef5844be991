import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('takes the bytes of the file without the line break at its end', async () => {
    const secret = 's'.repeat(32);
    for (const [name, end] of Object.entries({ bare: '', unix: '\n', windows: '\r\n' }))
      expect(await readLedgerSecret(await fileOf(name, secret + end))).toEqual(Buffer.from(secret));
  });

  it('refuses a short secret without showing it', async () => {
    const failure = readLedgerSecret(await fileOf('short', 'hush-hush'));
    await expect(failure).rejects.toThrow('WALLET_LEDGER_SECRET_FILE must hold at least 32 bytes');
    await expect(failure).rejects.not.toThrow('hush-hush');
  });

  it('names the setting when there is no such file', async () => {
    await expect(readLedgerSecret(join(folder, 'nowhere'))).rejects.toThrow(
      'WALLET_LEDGER_SECRET_FILE cannot be read',
    );
  });
});
