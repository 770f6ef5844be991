import { createHash } from 'node:crypto';

const WORDS = 4;
const FIRST_SLOTS = 1 << 12;

/**
 * Which ids were met, in 16 to 64 bytes each however long they are: a million of them take 32 MB. It keeps 128 bits of their
 * SHA-256, so that two ids are taken for one less often than a disk lies.
 */
export class SeenIds {
  private slots = FIRST_SLOTS;
  private words = new Uint32Array(FIRST_SLOTS * WORDS);
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(id: string): boolean {
    return this.isAt(this.find(this.words, this.slots, digestOf(id)));
  }

  /** False when it had been met before. */
  add(id: string): boolean {
    if (this.count * 2 >= this.slots) this.grow();
    const digest = digestOf(id);
    const at = this.find(this.words, this.slots, digest);
    if (this.isAt(at)) return false;
    this.words.set(digest, at);
    this.count += 1;
    return true;
  }

  private isAt(at: number): boolean {
    return this.words[at] !== 0;
  }

  /** Where it is, or where it belongs. */
  private find(words: Uint32Array, slots: number, digest: Uint32Array): number {
    for (let slot = (digest[1] ?? 0) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * WORDS;
      if (words[at] === 0) return at;
      if (digest.every((word, index) => words[at + index] === word)) return at;
    }
  }

  private grow(): void {
    const slots = this.slots * 2;
    const words = new Uint32Array(slots * WORDS);
    for (let at = 0; at < this.words.length; at += WORDS) {
      const digest = this.words.subarray(at, at + WORDS);
      if (digest[0] !== 0) words.set(digest, this.find(words, slots, digest));
    }
    this.slots = slots;
    this.words = words;
  }
}

/** Its first word is never zero, which marks an empty place. */
function digestOf(id: string): Uint32Array {
  const bytes = createHash('sha256').update(id).digest();
  return Uint32Array.from({ length: WORDS }, (_, at) => bytes.readUInt32LE(at * 4) | (at === 0 ? 1 : 0));
}
