import type { KeyLike } from 'node:crypto';

/** Keys and ids with which an answer is signed and sent. */
export interface FuzzGround {
  readonly privateKey: KeyLike;
  readonly publicKey: KeyLike;
  /** A key of somebody who is not Alipay+. */
  readonly strangerKey: KeyLike;
  readonly clientId: string;
  readonly path: string;
  /** The address of results when an answer names none. */
  readonly notifyUrl: string;
}
