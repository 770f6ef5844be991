import { sign, type KeyObject } from 'node:crypto';
import { contentToBeSigned, formatSignatureHeader, type SignedMessage } from './signature.js';

/** Signs as Alipay+. The work runs on the thread pool, so that the event loop stays free under load. */
export class MessageSigner {
  readonly #privateKeys: ReadonlyMap<string, KeyObject>;
  #keyVersion: string;

  constructor(privateKeys: ReadonlyMap<string, KeyObject>, keyVersion: string) {
    this.#privateKeys = privateKeys;
    this.#keyVersion = keyVersion;
  }

  get keyVersion(): string {
    return this.#keyVersion;
  }

  /** Whether there is a key of this version. */
  has(keyVersion: unknown): keyVersion is string {
    return typeof keyVersion === 'string' && this.#privateKeys.has(keyVersion);
  }

  /** Signs every later message with the key of this version. */
  turnTo(keyVersion: string): void {
    this.#keyVersion = keyVersion;
  }

  /** The Signature header for the message. */
  sign(message: SignedMessage): Promise<string> {
    const keyVersion = this.#keyVersion;
    const privateKey = this.#privateKeys.get(keyVersion);
    return new Promise((resolve, reject) => {
      if (privateKey === undefined) return reject(new Error(`there is no key of version ${keyVersion}`));
      sign('RSA-SHA256', contentToBeSigned(message), privateKey, (error, signature) => {
        if (error) reject(error);
        else resolve(formatSignatureHeader(keyVersion, signature));
      });
    });
  }
}
