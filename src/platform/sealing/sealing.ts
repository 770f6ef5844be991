import { createHmac, hash, type KeyObject } from 'node:crypto';
import { decrypted, encrypted, GCM_OVERHEAD } from './aes-gcm.js';
import { asItIs, packed, unpacked } from './packed.js';

/**
 * Where a sealed value stands: its table and column, and what tells its row from others before it is written. A value that
 * was moved elsewhere cannot be opened there.
 */
export type Place = `${string}.${string}:${string}`;

export interface HeldKey {
  readonly keyId: number;
  readonly key: KeyObject;
  readonly purpose: 'seal' | 'digest';
  /** By `performance.now()`; until then it only opens. Infinity: nothing is sealed yet. */
  readonly sealsFrom: number;
  /** Whatever this key seals is packed with these words first; without them nothing is. */
  readonly words?: Buffer;
}

/** Begins every sealed value and no text: its first byte is none of JSON. The last one is the version. */
export const SEAL_MARK = Buffer.from([0x00, 0x53, 0x45, 0x01]);
const TEXT_MARK = 'sealed:';
const HEAD_BYTES = SEAL_MARK.length + 4;
const LEAST_BYTES = HEAD_BYTES + GCM_OVERHEAD;

/** What every process with a key file holds: the data keys, unwrapped, in memory only. */
export class Sealing {
  /** The newest first. */
  private sealingKeys: readonly HeldKey[] = [];
  private digestKey: HeldKey | undefined;
  private readonly byId = new Map<number, HeldKey>();
  private onUnknown: () => void = () => undefined;
  private onUnopened: (error: UnopenedError) => void = () => undefined;

  /** Adds keys and removes none: a key that was held once still opens what it sealed. */
  hold(keys: readonly HeldKey[]): void {
    const newestFirst = keys.toSorted((one, other) => other.sealsFrom - one.sealsFrom);
    this.sealingKeys = newestFirst.filter(({ purpose }) => purpose === 'seal');
    // There is one; if there were ever two, all processes would have to use the same one.
    this.digestKey = newestFirst.findLast(({ purpose }) => purpose === 'digest');
    for (const key of this.sealingKeys) this.byId.set(key.keyId, key);
  }

  /** @param work is done when a value names a key that is not held: it may have been made a moment ago */
  whenUnknown(work: () => void): void {
    this.onUnknown = work;
  }

  /** @param work is done with every value that cannot be opened */
  whenUnopened(work: (error: UnopenedError) => void): void {
    this.onUnopened = work;
  }

  /** The key that seals now; undefined while values are written as they are. */
  get sealingKeyId(): number | undefined {
    return this.sealingKey()?.keyId;
  }

  /**
   * The bytes as they may be kept at that place: sealed as soon as there is a key that seals.
   *
   * @param isKept false for what is gone in a moment
   */
  seal(place: Place, bytes: Buffer, isKept = true): Buffer {
    const held = this.sealingKey();
    if (!held) return bytes;
    const { key, keyId, words } = held;
    if (!words) return encrypted(key, place, bytes, sealedHead(keyId));
    return encrypted(key, place, isKept ? packed(bytes, words) : asItIs(bytes), sealedHead(keyId));
  }

  /**
   * The bytes that were sealed at that place. What was written before there was a key is given back as it is.
   *
   * @throws UnopenedError
   */
  open(place: Place, kept: Buffer): Buffer {
    const keyId = keyIdOf(kept);
    if (keyId === undefined) return kept;
    const held = this.byId.get(keyId);
    if (!held) {
      this.onUnknown();
      throw this.unopened(place, `the data key ${keyId} is not known to this process`);
    }
    try {
      const bytes = decrypted(held.key, place, kept.subarray(HEAD_BYTES));
      return held.words ? unpacked(bytes, held.words) : bytes;
    } catch (error) {
      throw this.unopened(place, 'it was changed, or belongs elsewhere', error);
    }
  }

  /** The same of a text that stands among others, in JSON. */
  sealText(place: Place, text: string): string {
    if (this.sealingKeyId === undefined) return text;
    return TEXT_MARK + this.seal(place, Buffer.from(text)).toString('base64');
  }

  /** @throws UnopenedError */
  openText(place: Place, kept: string): string {
    if (!kept.startsWith(TEXT_MARK)) return kept;
    const bytes = Buffer.from(kept.slice(TEXT_MARK.length), 'base64');
    return keyIdOf(bytes) === undefined ? kept : this.open(place, bytes).toString('utf8');
  }

  /** The value that a text is searched by: without the key nobody can test texts against it. */
  digest(text: string): Buffer {
    const held = this.digestKey;
    if (!held || held.sealsFrom > performance.now()) return hash('sha256', text, 'buffer');
    return createHmac('sha256', held.key).update(text).digest();
  }

  /** All values that a text may have in rows of any age. */
  digests(text: string): Buffer[] {
    return [this.digest(text), ...(this.digestKey ? [hash('sha256', text, 'buffer')] : [])];
  }

  private unopened(place: Place, why: string, cause?: unknown): UnopenedError {
    const error = new UnopenedError(place, why, cause);
    this.onUnopened(error);
    return error;
  }

  private sealingKey(): HeldKey | undefined {
    const now = performance.now();
    return this.sealingKeys.find(({ sealsFrom }) => sealsFrom <= now);
  }
}

/** How every value begins that a key sealed. */
export function sealedHead(keyId: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  SEAL_MARK.copy(head);
  head.writeInt32BE(keyId, SEAL_MARK.length);
  return head;
}

/** The key a value is sealed with; undefined of a value that is not sealed. */
export function keyIdOf(kept: Buffer): number | undefined {
  if (kept.length < LEAST_BYTES || SEAL_MARK.compare(kept, 0, SEAL_MARK.length) !== 0) return undefined;
  return kept.readInt32BE(SEAL_MARK.length);
}

/** What was opened, or something else where it cannot be. */
export function openedOr<Else, Opened>(otherwise: Else, open: () => Opened): Opened | Else {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof UnopenedError)) throw error;
    return otherwise;
  }
}

/** A value that is kept sealed and cannot be read. */
export class UnopenedError extends Error {
  /** False when the key is held: then the value itself is not what was sealed there. */
  readonly lacksKey: boolean;

  constructor(place: Place, why: string, cause?: unknown) {
    super(`${place} cannot be opened: ${why}`, { cause });
    this.name = 'UnopenedError';
    this.lacksKey = cause === undefined;
  }
}
