import { Injectable } from '@nestjs/common';
import { sign, verify, type KeyObject } from 'node:crypto';
import { EventLog } from '../../platform/logging/event-log.js';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { AlipayPlusKeys } from './alipay-plus-keys.js';
import { formatSignatureHeader, isKnownAlgorithm, parseSignatureHeader } from './signature-header.js';

export type SignatureVerdict =
  | { readonly verified: true }
  | { readonly verified: false; readonly reason: 'unsigned' | 'bad_signature' | 'unknown_key' };

export interface ReceivedMessage extends Omit<SignedMessage, 'clientId' | 'time'> {
  /** The time header that goes with the signature; half of the pair counts as no signature. */
  readonly time: string | undefined;
  readonly signature: string | undefined;
}

interface MadeSignature {
  readonly header: string;
  readonly keyVersion: string;
}

export interface KeyUse {
  readonly owner: 'ours' | 'alipayplus';
  /** As the settings name it, never as a message does. */
  readonly version: string;
  readonly atMs: number;
}

/** Labels come from outside and must not fill our memory. */
const MOST_NOTED = 50;

/** Signs with our key and verifies with the keys of Alipay+. Both directions sign the wallet's own Client-Id. */
@Injectable()
export class MessageSignature {
  private readonly noted = new Set<string>();
  private readonly used = new Map<string, KeyUse>();

  constructor(
    private readonly settings: AlipayPlusSettings,
    private readonly keys: AlipayPlusKeys,
    private readonly log: EventLog,
  ) {}

  /** The value of the Signature header, and the version of ours it was made with: keys may change while it is made. */
  async sign(message: Omit<SignedMessage, 'clientId'>): Promise<MadeSignature> {
    const text = signedText({ ...message, clientId: this.settings.clientId });
    const { version: keyVersion, privateKey } = this.keys.signing;
    this.noteUse('ours', keyVersion);
    return { keyVersion, header: formatSignatureHeader(keyVersion, await signText(text, privateKey)) };
  }

  /** The version of ours that signs now. */
  get keyVersion(): string {
    return this.keys.signing.version;
  }

  verify({ method, path, time, signature, body }: ReceivedMessage): SignatureVerdict {
    if (!signature || !time) return { verified: false, reason: 'unsigned' };
    const header = parseSignatureHeader(signature);
    if (!header || !isKnownAlgorithm(header)) return { verified: false, reason: 'bad_signature' };
    const text = signedText({ method, path, clientId: this.settings.clientId, time, body });
    const keys = this.keys.publicKeysFor(header.keyVersion);
    const fitting = keys.find(([, key]) => verifyText(text, header.signature, key));
    if (!fitting) {
      const isNamed = keys.some(([version]) => version === header.keyVersion);
      return { verified: false, reason: isNamed ? 'bad_signature' : 'unknown_key' };
    }
    this.noteUse('alipayplus', fitting[0]);
    this.noteLabel(header.keyVersion, fitting[0]);
    return { verified: true };
  }

  /** Each key that signed or proved a message, and when it last did. */
  keysUsed(): readonly KeyUse[] {
    return [...this.used.values()];
  }

  private noteUse(owner: KeyUse['owner'], version: string): void {
    this.used.set(`${owner} ${version}`, { owner, version, atMs: Date.now() });
  }

  /** Once for each pair: two sides that count differently should know it before the next change of keys. */
  private noteLabel(named: string | undefined, keyVersion: string): void {
    const pair = `${named?.slice(0, 16) ?? ''} ${keyVersion}`;
    if (named === keyVersion || this.noted.has(pair) || this.noted.size >= MOST_NOTED) return;
    this.noted.add(pair);
    this.log.warn('alipayplus.key_version_differs', { named: named?.slice(0, 16), keyVersion });
  }
}

/** What a signature covers. For an answer, method and path are those of the request it belongs to. */
export interface SignedMessage {
  readonly method: string;
  /** Path and query as they stand in the request line; no scheme, no host. */
  readonly path: string;
  /** The wallet's own id in both directions. */
  readonly clientId: string;
  /** The literal text of Request-Time or Response-Time. */
  readonly time: string;
  /** The bytes as sent, before anything parsed them. */
  readonly body: Buffer;
}

/** `<METHOD> <path>` LF `<Client-Id>.<time>.<body>`, in UTF-8. */
export function signedText({ method, path, clientId, time, body }: SignedMessage): Buffer {
  return Buffer.concat([Buffer.from(`${method} ${path}\n${clientId}.${time}.`, 'utf8'), body]);
}

/** SHA256withRSA, PKCS#1 v1.5. */
const ALGORITHM = 'RSA-SHA256';

/** Base64 of the signature. Computed on the thread pool: a millisecond each would hold up everybody else. */
export function signText(text: Buffer, privateKey: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(ALGORITHM, text, privateKey, (error, signature) => {
      if (error) reject(error);
      else resolve(signature.toString('base64'));
    });
  });
}

/**
 * False for whatever is not a signature of this text by this key, an unusable signature included. Computed at once: to
 * verify takes a tenth of signing, which is less than the way to the thread pool and back.
 */
export function verifyText(text: Buffer, signature: string, publicKey: KeyObject): boolean {
  return verify(ALGORITHM, text, publicKey, Buffer.from(signature, 'base64'));
}
