import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const KEY_BYTES = 32;

/** What `encrypted` adds to the bytes it is given. */
export const GCM_OVERHEAD = NONCE_BYTES + TAG_BYTES;

/** Random bytes for many nonces: each time they are asked for costs as much as a seal. */
const nonces = { bytes: Buffer.alloc(NONCE_BYTES * 128), used: Number.POSITIVE_INFINITY };

/** Never the same bytes twice. */
function newNonce(): Buffer {
  const { bytes } = nonces;
  if (nonces.used >= bytes.length) {
    randomFillSync(bytes);
    nonces.used = 0;
  }
  nonces.used += NONCE_BYTES;
  return bytes.subarray(nonces.used - NONCE_BYTES, nonces.used);
}

/** AES-256-GCM: nonce, ciphertext and tag in one piece after `head`, bound to `context`. */
export function encrypted(key: KeyObject, context: string, bytes: Buffer, head: Buffer): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
  const body = cipher.update(bytes);
  return Buffer.concat([head, nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/**
 * @param sealed as `encrypted` made it, without the head
 * @throws when a bit of it, the key or the context differs
 */
export function decrypted(key: KeyObject, context: string, sealed: Buffer): Buffer {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) throw new Error('the value is cut');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
}
