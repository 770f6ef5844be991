import { sign, verify, type KeyObject } from 'node:crypto';

/** SHA256withRSA, PKCS#1 v1.5; the callback form computes on the thread pool and leaves the event loop free. */
const ALGORITHM = 'RSA-SHA256';

/** Base64 of the signature. */
export async function signText(text: Buffer, privateKey: KeyObject): Promise<string> {
  return await new Promise((resolve, reject) => {
    sign(ALGORITHM, text, privateKey, (error, signature) => {
      if (error) reject(error);
      else resolve(signature.toString('base64'));
    });
  });
}

/** False for whatever is not a signature of this text by this key, an unusable signature included. */
export async function verifyText(text: Buffer, signature: string, publicKey: KeyObject): Promise<boolean> {
  return await new Promise((resolve) => {
    verify(ALGORITHM, text, publicKey, Buffer.from(signature, 'base64'), (error, isValid) => {
      resolve(error === null && isValid);
    });
  });
}
