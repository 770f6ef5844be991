import { writeFile } from 'node:fs/promises';
import type { ThrowawayKeys } from '../../../embedded/throwaway-keys.js';
import type { KeyManifest } from '../../../src/alipay-plus/signature/key-manifest.js';
import { addPair, signWith } from '../../rotate-keys/listed-keys.js';

export type KeyVersion = '1' | '2';

/** The key with which each side signs at the moment. */
export class KeyRing {
  /** @param list the path for ALIPAYPLUS_KEYS_FILE */
  static async make(list: string, pairs: Readonly<Record<KeyVersion, ThrowawayKeys>>): Promise<KeyRing> {
    const mapped = <To>(map: (pair: ThrowawayKeys) => To) => ({ 1: map(pairs[1]), 2: map(pairs[2]) });
    const manifest: KeyManifest = {
      signWith: '1',
      own: mapped(({ mppPrivate, mppPublic }) => ({ private: mppPrivate, public: mppPublic })),
      alipayPlus: mapped(({ alipayPlusPublic }) => alipayPlusPublic),
    };
    await writeFile(list, JSON.stringify(manifest), { mode: 0o600 });
    return new KeyRing(list);
  }

  ours: KeyVersion = '1';
  alipayPlus: KeyVersion = '1';

  private constructor(readonly list: string) {}

  /** Takes effect at the next start or reload of a process. */
  turnOurs(): void {
    this.ours = this.ours === '1' ? '2' : '1';
    this.signWithOurs();
  }

  signWithOurs(): void {
    signWith(this.list, this.ours);
  }

  /** As {@link turnOurs}, to a version that Alipay+ never got. */
  async signWithUnknown(): Promise<void> {
    signWith(this.list, await addPair(this.list, 2_048));
  }
}
