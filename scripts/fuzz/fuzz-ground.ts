import type { KeyLike } from 'node:crypto';

/** What an answer is signed with and sent for. */
export interface FuzzGround {
  readonly privateKey: KeyLike;
  readonly publicKey: KeyLike;
  /** Of somebody who is not Alipay+. */
  readonly strangerKey: KeyLike;
  readonly clientId: string;
  readonly path: string;
  /** Where results go when an answer names no address. */
  readonly notifyUrl: string;
}
