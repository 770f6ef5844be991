import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { fileFault } from '../../platform/config/file-fault.js';
import { SettingsError } from '../../platform/config/load-settings.js';
import { KeyFileFault, loadPrivateKey, loadPublicKey } from './key-file.js';

const PRIVATE_KEY = 'ALIPAYPLUS_PRIVATE_KEY_FILE';
const PUBLIC_KEYS = 'ALIPAYPLUS_PUBLIC_KEY_FILES';

/** Our private key and the public keys of Alipay+ by version, parsed once: parsing costs more than signing. */
@Injectable()
export class AlipayPlusKeys {
  readonly privateKey: KeyObject;
  private readonly publicKeys: ReadonlyMap<string, KeyObject>;

  /** @throws SettingsError */
  constructor(settings: AlipayPlusSettings) {
    this.privateKey = loaded(PRIVATE_KEY, settings.privateKeyFile, loadPrivateKey);
    const own = createPublicKey(this.privateKey);
    this.publicKeys = loaded(PUBLIC_KEYS, settings.publicKeyFiles, (files) => theirKeys(files, own));
  }

  /**
   * All keys, the one a header names first. The others follow because the key decides and not its label: a partner that
   * counts its versions another way still proves who wrote a message.
   */
  publicKeysFor(version: string | undefined): readonly (readonly [version: string, key: KeyObject])[] {
    const others = [...this.publicKeys].filter(([one]) => one !== version);
    const named = version === undefined ? undefined : this.publicKeys.get(version);
    return named && version !== undefined ? [[version, named], ...others] : others;
  }
}

function theirKeys(files: Readonly<Record<string, string>>, own: KeyObject): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const [version, path] of Object.entries(files)) {
    const key = loadPublicKey(path);
    // The mistake most reported by integrators: nothing Alipay+ sends would ever verify.
    if (key.equals(own))
      throw new KeyFileFault(fileFault(path, 'is our own public key; give the one Alipay+ shows'));
    keys.set(version, key);
  }
  return keys;
}

function loaded<Value, Loaded>(
  name: string,
  value: Value | undefined,
  load: (value: Value) => Loaded,
): Loaded {
  if (value === undefined) throw new SettingsError([{ name, rule: 'is not set' }]);
  try {
    return load(value);
  } catch (error) {
    if (!(error instanceof KeyFileFault)) throw error;
    throw new SettingsError([{ name, rule: error.message }], { cause: error });
  }
}
