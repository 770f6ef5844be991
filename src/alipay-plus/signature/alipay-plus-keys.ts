import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { KeyFileFault, loadPrivateKey, loadPublicKey } from './key-file.js';

/** Our private key and the public keys of Alipay+ by version, parsed once: parsing costs more than signing. */
@Injectable()
export class AlipayPlusKeys {
  readonly privateKey: KeyObject;
  private readonly publicKeys: ReadonlyMap<string, KeyObject>;

  /** @throws KeyFileFault */
  constructor(settings: AlipayPlusSettings) {
    this.privateKey = loadPrivateKey(required('ALIPAYPLUS_PRIVATE_KEY_FILE', settings.privateKeyFile));
    const files = required('ALIPAYPLUS_PUBLIC_KEY_FILES', settings.publicKeyFiles);
    const loaded = Object.entries(files).map(([version, path]) => [version, loadPublicKey(path)] as const);
    this.publicKeys = new Map(loaded);
    const own = createPublicKey(this.privateKey);
    for (const [version, key] of this.publicKeys) {
      // The mistake most reported by integrators: nothing Alipay+ sends would ever verify.
      if (key.equals(own)) {
        throw new KeyFileFault(`${files[version]}: is our own public key; give the one Alipay+ shows`);
      }
    }
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

function required<T>(setting: string, value: T | undefined): T {
  if (value === undefined) throw new KeyFileFault(`${setting} is not set`);
  return value;
}
