import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The first byte of packed bytes says how the rest is to be read. */
const AS_IT_IS = Buffer.from([0]);
const DEFLATED = Buffer.from([1]);

/** Below this nothing is gained that is worth the time. */
const LEAST_BYTES = 64;
/** Far more than is ever kept: what claims to hold more was not packed here. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Windows, tables and pieces of the size of what is kept; larger ones take time to clear and gain nothing. */
const SIZES = { windowBits: 12, memLevel: 5, chunkSize: 2_048 };

/** The same bytes, shorter where that can be. What they say is often said in `words`, which reading them needs too. */
export function packed(bytes: Buffer, words: Buffer): Buffer {
  if (bytes.length >= LEAST_BYTES) {
    const shorter = deflateRawSync(bytes, { ...SIZES, dictionary: words });
    if (shorter.length < bytes.length) return Buffer.concat([DEFLATED, shorter]);
  }
  return asItIs(bytes);
}

/** For what is gone in a moment: packing it takes longer than it saves. */
export function asItIs(bytes: Buffer): Buffer {
  return Buffer.concat([AS_IT_IS, bytes]);
}

/** @throws when the bytes were not packed with these words */
export function unpacked(bytes: Buffer, words: Buffer): Buffer {
  const [form, rest] = [bytes.subarray(0, 1), bytes.subarray(1)];
  if (form.equals(AS_IT_IS)) return rest;
  if (!form.equals(DEFLATED)) throw new Error('the value is in no known form');
  return inflateRawSync(rest, { ...SIZES, dictionary: words, maxOutputLength: MOST_BYTES });
}
