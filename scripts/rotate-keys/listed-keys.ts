import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { KeyFileFault, loadPublicKey } from '../../src/alipay-plus/signature/key-file.js';
import {
  parsedManifest,
  readKeyManifest,
  type KeyManifest,
  type PairFiles,
} from '../../src/alipay-plus/signature/key-manifest.js';
import { KEYS_FILE, readKeySet } from '../../src/alipay-plus/signature/key-set.js';
import { errorCodeOf } from '../../src/platform/error-code.js';

/** Why nothing was changed, for the person at the command line. */
export class RotationRefused extends Error {}

export interface PublishedKey {
  readonly version: string;
  readonly signs: boolean;
  /** Bare base64 of SPKI, as the portal of Alipay+ accepts it. */
  readonly publicKey: string;
  /** To compare with the digest that the portal shows. */
  readonly sha256: string;
}

interface NewPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** The public half of every pair of ours that the list names. */
export function publishedKeys(file: string): PublishedKey[] {
  const { own, signWith } = named(() => readKeyManifest(file));
  return Object.entries(own).map(([version, files]) => {
    const der = named(() => loadPublicKey(files.public)).export({ type: 'spki', format: 'der' });
    const sha256 = createHash('sha256').update(der).digest('hex');
    return { version, signs: version === signWith, publicKey: der.toString('base64'), sha256 };
  });
}

/** Makes a pair under the next version, in files beside the list; it does not sign yet. */
export async function addPair(file: string, modulusLength: number): Promise<string> {
  readList(file);
  // Takes seconds; the list is read after it, because somebody may roll back meanwhile.
  const { privateKey, publicKey } = await generate('rsa', { modulusLength });
  return whileAlone(file, () => {
    const manifest = readList(file);
    const version = nextVersion(file, manifest);
    const files = writePair(file, version, { privateKey, publicKey });
    replace(file, { ...manifest, own: { ...manifest.own, [version]: files } });
    return version;
  });
}

/**
 * Above every version that is listed or has a file: of one that was retired, or whose making was broken off, Alipay+ may
 * have the public key, and nobody could say which pair is meant.
 */
function nextVersion(file: string, { own }: KeyManifest): string {
  const made = readdirSync(dirname(file)).flatMap((name) => /^own-(\d{1,9})-p/.exec(name)?.[1] ?? []);
  return String(Math.max(...[...Object.keys(own), ...made].map(Number)) + 1);
}

function writePair(file: string, version: string, { privateKey, publicKey }: NewPair): PairFiles {
  const files = { private: `own-${version}-private.pem`, public: `own-${version}-public.pem` };
  const at = (name: string): string => join(dirname(file), name);
  // Never overwrites a file: it may be the only copy of a key.
  const options = { flag: 'wx' } as const;
  writeFileSync(at(files.private), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    ...options,
    mode: 0o600,
  });
  writeFileSync(at(files.public), publicKey.export({ type: 'spki', format: 'pem' }), options);
  return files;
}

/** Also the rollback, with the previous version. */
export function signWith(file: string, version: string): void {
  whileAlone(file, () => {
    const manifest = readList(file);
    if (manifest.own[version] === undefined)
      throw new RotationRefused(`the list has no pair of version ${version}`);
    replace(file, { ...manifest, signWith: version });
  });
}

/** Removes a pair from the list; its files stay. */
export function retire(file: string, version: string): void {
  whileAlone(file, () => {
    const manifest = readList(file);
    if (manifest.signWith === version)
      throw new RotationRefused(`version ${version} signs; let another one sign first`);
    const { [version]: retired, ...own } = manifest.own;
    if (retired === undefined) throw new RotationRefused(`the list has no pair of version ${version}`);
    replace(file, { ...manifest, own });
  });
}

/** A list with the keys that the three settings name, for an installation that has none. */
export function adopt(file: string, named: AdoptedFiles): void {
  const { privateKeyFile, publicFile, keyVersion, publicKeyFiles } = named;
  const own = { [keyVersion]: { private: resolve(privateKeyFile), public: resolve(publicFile) } };
  const alipayPlus = Object.fromEntries(
    Object.entries(publicKeyFiles).map(([version, path]) => [version, resolve(path)]),
  );
  replace(file, { signWith: keyVersion, own, alipayPlus }, { flag: 'wx' });
}

export interface AdoptedFiles {
  readonly privateKeyFile: string;
  /** Our public key as Alipay+ got it. */
  readonly publicFile: string;
  readonly keyVersion: string;
  readonly publicKeyFiles: Readonly<Record<string, string>>;
}

/** Who reads the old list has to be able to read the new one, also when root writes it. */
function keepReaders(file: string, next: string): void {
  const { mode, uid, gid } = statSync(file);
  chmodSync(next, mode & 0o777);
  if (process.getuid?.() === 0) chownSync(next, uid, gid);
}

function readList(file: string): KeyManifest {
  // The new list would take the place of the link, and whoever reads what it leads to would not see it.
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new RotationRefused(`the list ${file} is a symbolic link; name the file it leads to`);
  return named(() => parsedManifest(file));
}

/** Says of a faulty file which setting led to it, as the service does. */
function named<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KeyFileFault)) throw error;
    throw new RotationRefused(`${KEYS_FILE} ${error.message}`);
  }
}

/**
 * One program at a time changes a list: of two, the one that writes last would take back what the other has done.
 *
 * @throws RotationRefused when another one is at it
 */
function whileAlone<Value>(file: string, work: () => Value): Value {
  const lock = `${file}.changing`;
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
    throw new RotationRefused(
      `another program is changing the list; if none is, one was killed at it: delete ${lock}`,
    );
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A service that reads meanwhile finds the old list or the new one, and no list that it would refuse is written. */
function replace(file: string, manifest: KeyManifest, { flag = 'w' } = {}): void {
  const next = join(dirname(file), `.next-${process.pid}.json`);
  try {
    writeFileSync(next, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    readKeySet({ keyVersion: '', keysFile: next });
    if (flag === 'wx') writeFileSync(file, '', { flag });
    else keepReaders(file, next);
    renameSync(next, file);
  } catch (error) {
    if (error instanceof Error && error.name === 'SettingsError')
      throw new RotationRefused(error.message.replace(`${KEYS_FILE}: `, 'the list '), { cause: error });
    throw error;
  } finally {
    rmSync(next, { force: true });
  }
}
