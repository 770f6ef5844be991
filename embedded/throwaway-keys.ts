import { generateKeyPair } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Files of two key pairs that exist only for this machine's trials. */
export interface ThrowawayKeys {
  readonly mppPrivate: string;
  readonly mppPublic: string;
  readonly alipayPlusPrivate: string;
  readonly alipayPlusPublic: string;
}

const generate = promisify(generateKeyPair);

/** Our pair and the twin's, made at the first start and kept, so that a later start can still verify old messages. */
export async function throwawayKeys(directory: string): Promise<ThrowawayKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files: ThrowawayKeys = {
    mppPrivate: join(directory, 'mpp-private.pem'),
    mppPublic: join(directory, 'mpp-public.pem'),
    alipayPlusPrivate: join(directory, 'alipayplus-private.pem'),
    alipayPlusPublic: join(directory, 'alipayplus-public.pem'),
  };
  await Promise.all([
    makePair(files.mppPrivate, files.mppPublic),
    makePair(files.alipayPlusPrivate, files.alipayPlusPublic),
  ]);
  return files;
}

/** The public half is written last: where it exists, the pair is complete. */
async function makePair(privateFile: string, publicFile: string): Promise<void> {
  if (await exists(publicFile)) return;
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  await writeFile(privateFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
