import { verify, type KeyObject } from 'node:crypto';
import { contentToBeSigned, parseSignatureHeader, type SignedMessage } from './signature.js';

export type SignatureVerdict = 'valid' | 'missing' | 'malformed' | 'unknown_key_version' | 'wrong';

/** Stands for every key version while only one key is known. */
export const ANY_VERSION = '*';

/**
 * Verifies the signatures of the MPP, over the raw bytes. A check takes some tens of microseconds: less than a trip to
 * the thread pool.
 */
export class MessageVerifier {
  readonly #publicKeys: ReadonlyMap<string, KeyObject>;

  constructor(publicKeys: ReadonlyMap<string, KeyObject>) {
    this.#publicKeys = publicKeys;
  }

  verify(message: SignedMessage, header: string | undefined): SignatureVerdict {
    if (header === undefined) return 'missing';
    const parsed = parseSignatureHeader(header);
    if (parsed === null || parsed.algorithm !== 'RSA256') return 'malformed';
    const publicKey = this.#publicKeys.get(parsed.keyVersion) ?? this.#publicKeys.get(ANY_VERSION);
    if (publicKey === undefined) return 'unknown_key_version';
    return verify('RSA-SHA256', contentToBeSigned(message), publicKey, parsed.signature) ? 'valid' : 'wrong';
  }
}
