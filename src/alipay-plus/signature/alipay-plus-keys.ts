import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { readKeySet, type KeySet, type SigningKey } from './key-set.js';

/**
 * Our private key and the public keys of Alipay+ by version, parsed once: parsing costs more than signing. They are
 * read again on request, all of them or none.
 */
@Injectable()
export class AlipayPlusKeys {
  private set: KeySet;

  /** @throws SettingsError */
  constructor(private readonly settings: AlipayPlusSettings) {
    this.set = readKeySet(settings);
  }

  /** The version and key that sign now, always taken together. */
  get signing(): SigningKey {
    return this.set.signing;
  }

  get current(): KeySet {
    return this.set;
  }

  /**
   * Reads all files again.
   *
   * @throws SettingsError when one of them is faulty; all keys stay those of before
   */
  readAgain(): KeySet {
    this.set = readKeySet(this.settings);
    return this.set;
  }

  /**
   * All keys, the one a header names first. The others follow because the key proves the author, not its label: a
   * partner may number its versions differently.
   */
  publicKeysFor(version: string | undefined): readonly (readonly [version: string, key: KeyObject])[] {
    const { alipayPlus } = this.set;
    const others = [...alipayPlus].filter(([one]) => one !== version);
    const named = version === undefined ? undefined : alipayPlus.get(version);
    return named && version !== undefined ? [[version, named], ...others] : others;
  }
}
