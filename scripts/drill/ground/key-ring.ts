import type { ThrowawayKeys } from '../../../embedded/throwaway-keys.js';

export type KeyVersion = '1' | '2';

/** Which of its two keys each side signs with at the moment. */
export class KeyRing {
  ours: KeyVersion = '1';
  alipayPlus: KeyVersion = '1';

  constructor(private readonly pairs: Readonly<Record<KeyVersion, ThrowawayKeys>>) {}

  privateFileOf(version: KeyVersion): string {
    return this.pairs[version].mppPrivate;
  }
}
