import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const KEY_BYTES = 32;

/** What `encrypted` adds to the bytes it is given. */
export const GCM_OVERHEAD = NONCE_BYTES + TAG_BYTES;

/** AES-256-GCM: nonce, ciphertext and tag in one piece after `head`, bound to `context`. */
export function encrypted(key: KeyObject, context: string, bytes: Buffer, head: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
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
