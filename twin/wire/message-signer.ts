import { sign, type KeyObject } from 'node:crypto';
import { contentToBeSigned, formatSignatureHeader, type SignedMessage } from './signature.js';

/** Signs as the Alipay+ side. The work happens on the thread pool, so that the event loop stays free under load. */
export class MessageSigner {
  readonly #privateKey: KeyObject;
  readonly #keyVersion: string;

  constructor(privateKey: KeyObject, keyVersion: string) {
    this.#privateKey = privateKey;
    this.#keyVersion = keyVersion;
  }

  /** The Signature header for the message. */
  sign(message: SignedMessage): Promise<string> {
    return new Promise((resolve, reject) => {
      sign('RSA-SHA256', contentToBeSigned(message), this.#privateKey, (error, signature) => {
        if (error) reject(error);
        else resolve(formatSignatureHeader(this.#keyVersion, signature));
      });
    });
  }
}
