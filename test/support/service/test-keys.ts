import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestKeys {
  readonly directory: string;
  readonly mppPrivateFile: string;
  readonly mppPublic: string;
  readonly alipayPlusPrivate: string;
  readonly alipayPlusPublicFile: string;
  /** Shared by all databases of this worker's tests. */
  readonly dataKeysFile: string;
}

let made: TestKeys | undefined;

/** Two throwaway key pairs, made once for all tests of a jest worker: making them costs more than most tests. */
export function testKeys(): TestKeys {
  made ??= makeKeys();
  return made;
}

function makeKeys(): TestKeys {
  const directory = mkdtempSync(join(tmpdir(), 'test-keys-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const mpp = pair();
  const alipayPlus = pair();
  const mppPrivateFile = join(directory, 'mpp-private.pem');
  const alipayPlusPublicFile = join(directory, 'alipayplus-public.pem');
  const dataKeysFile = join(directory, 'data-keys');
  writeFileSync(mppPrivateFile, mpp.privateKey, { mode: 0o600 });
  writeFileSync(alipayPlusPublicFile, alipayPlus.publicKey);
  writeFileSync(dataKeysFile, `test ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return {
    directory,
    mppPrivateFile,
    mppPublic: mpp.publicKey,
    alipayPlusPrivate: alipayPlus.privateKey,
    alipayPlusPublicFile,
    dataKeysFile,
  };
}

function pair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
