import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** PKCS#8, as PEM or as the bare base64 of the developer portal. */
export function privateKeyFrom(text: string): KeyObject {
  return isPem(text)
    ? createPrivateKey(text)
    : createPrivateKey({ key: derFrom(text), format: 'der', type: 'pkcs8' });
}

/** SPKI, as PEM or as bare base64. */
export function publicKeyFrom(text: string): KeyObject {
  return isPem(text)
    ? createPublicKey(text)
    : createPublicKey({ key: derFrom(text), format: 'der', type: 'spki' });
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

function derFrom(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'base64');
}

export interface KeyFiles {
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/** The pair called `name` in the folder: the existing one, or a new one. An MPP needs to be set up only once. */
export async function keepKeyPair(folder: string, name: string): Promise<KeyFiles> {
  const files = {
    privateKeyFile: resolve(join(folder, `${name}-private.pem`)),
    publicKeyFile: resolve(join(folder, `${name}-public.pem`)),
  };
  if (await isReadablePair(files)) return files;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  await writeFile(files.privateKeyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  await writeFile(files.publicKeyFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  return files;
}

/** A start that was killed between the two writes leaves half a pair; both halves must fit. */
async function isReadablePair(files: KeyFiles): Promise<boolean> {
  try {
    const privateKey = privateKeyFrom(await readFile(files.privateKeyFile, 'utf8'));
    const publicKey = publicKeyFrom(await readFile(files.publicKeyFile, 'utf8'));
    return createPublicKey(privateKey).equals(publicKey);
  } catch {
    return false;
  }
}
