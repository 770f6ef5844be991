import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { AlipayPlusKeys } from './alipay-plus-keys.js';
import { signText, verifyText } from './rsa-signature.js';
import { formatSignatureHeader, isKnownAlgorithm, parseSignatureHeader } from './signature-header.js';
import { signedText, type SignedMessage } from './signed-text.js';

export type SignatureVerdict =
  | { readonly verified: true }
  | { readonly verified: false; readonly reason: 'unsigned' | 'bad_signature' | 'unknown_key' };

export interface ReceivedMessage extends Omit<SignedMessage, 'clientId' | 'time'> {
  /** The time header that goes with the signature; half of the pair counts as no signature. */
  readonly time: string | undefined;
  readonly signature: string | undefined;
}

/** Signs with our key and verifies with the keys of Alipay+. Both directions sign the wallet's own Client-Id. */
@Injectable()
export class MessageSignature {
  constructor(
    private readonly settings: AlipayPlusSettings,
    private readonly keys: AlipayPlusKeys,
  ) {}

  /** The value of the Signature header. */
  async sign(message: Omit<SignedMessage, 'clientId'>): Promise<string> {
    const text = signedText({ ...message, clientId: this.settings.clientId });
    return formatSignatureHeader(this.settings.keyVersion, await signText(text, this.keys.privateKey));
  }

  verify({ method, path, time, signature, body }: ReceivedMessage): SignatureVerdict {
    if (!signature || !time) return { verified: false, reason: 'unsigned' };
    const header = parseSignatureHeader(signature);
    if (!header || !isKnownAlgorithm(header)) return { verified: false, reason: 'bad_signature' };
    const key = this.keys.publicKeyOf(header.keyVersion);
    if (!key) return { verified: false, reason: 'unknown_key' };
    const text = signedText({ method, path, clientId: this.settings.clientId, time, body });
    const isValid = verifyText(text, header.signature, key);
    return isValid ? { verified: true } : { verified: false, reason: 'bad_signature' };
  }
}
