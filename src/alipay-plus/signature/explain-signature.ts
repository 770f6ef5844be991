import { constants, createHash, publicDecrypt, verify, type KeyObject } from 'node:crypto';
import { isKnownAlgorithm, parseSignatureHeader } from './signature-header.js';
import {
  decoded,
  textsOf,
  type PastedMessage,
  type TriedText,
  type Variant,
} from './signed-text-variants.js';

export interface TriedKeys {
  /** The public key of the expected signer. */
  readonly theirs: KeyObject;
  /** The other side's: the mistake most often made. */
  readonly ours?: KeyObject;
}

export type Explanation =
  | { readonly outcome: 'verifies' }
  | { readonly outcome: 'explained'; readonly causes: readonly string[] }
  | { readonly outcome: 'unexplained'; readonly causes: readonly string[] };

/** A signature as one key reads it. */
interface Proof {
  readonly key: KeyObject;
  readonly signature: Buffer;
  /** The digest that the key signed; undefined when it did not make this signature, or not in the way of PKCS#1 v1.5. */
  readonly signed: { readonly algorithm: string; readonly digest: Buffer } | undefined;
  readonly causes: readonly string[];
}

/**
 * Why a signature does not verify: the signed text is built again in every way in which a sender is known to go wrong,
 * and the one that verifies with the fewest mistakes names them.
 */
export function explainSignature(message: PastedMessage, clientId: string, keys: TriedKeys): Explanation {
  const { headers } = message;
  const header = headers['signature'];
  if (header === undefined) return unexplained('there is no Signature header');
  if (headers['request-time'] === undefined && headers['response-time'] === undefined)
    return unexplained('there is neither a Request-Time nor a Response-Time header');
  const proofs = [...proofsOf(signaturesOf(header), keys)];
  if (proofs.length === 0)
    return unexplained('the Signature header is not algorithm=…,keyVersion=…,signature=… with base64');
  const causes = fewestCauses(textsOf(message, clientId), proofs);
  if (causes === undefined) return unexplained(withoutText(proofs));
  const all = [...causes, ...headerCauses(message, clientId)];
  return all.length === 0 ? { outcome: 'verifies' } : { outcome: 'explained', causes: all };
}

const unexplained = (cause: string): Explanation => ({ outcome: 'unexplained', causes: [cause] });

/** What is refused although the signature is right. */
function headerCauses({ headers }: PastedMessage, clientId: string): readonly string[] {
  const causes: string[] = [];
  const header = parseSignatureHeader(headers['signature'] ?? '');
  if (header !== undefined && !isKnownAlgorithm(header))
    causes.push(`the Signature header names the algorithm ${header.algorithm}; only RSA256 is taken`);
  const isRequest = headers['request-time'] !== undefined;
  if (isRequest && headers['client-id'] !== clientId)
    causes.push('the Client-Id header is missing or not the one that is configured');
  return causes;
}

/** What can still be said: a signature tells by itself whether a key has made it, and over what kind of digest. */
function withoutText(proofs: readonly Proof[]): string {
  const proof = proofs.find(({ signed }) => signed !== undefined);
  if (proof !== undefined)
    return [
      ...proof.causes,
      'the key has made this signature, over a text that no known mistake explains: body, path, time or Client-Id are not what was signed',
    ].join('; ');
  const plain = proofs.find(({ causes }) => causes.length === 0);
  const length = plain?.signature.length;
  const due = (plain?.key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (length !== undefined && length !== due)
    return `the signature has ${length} bytes, one of this key has ${due}: it was cut off, is not base64, or is of another key`;
  return 'no known mistake explains it: the key belongs to another pair, or the signature was changed';
}

function fewestCauses(texts: Iterable<TriedText>, proofs: readonly Proof[]): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const { text, causes } of texts) {
    for (const proof of proofs) {
      const all = [...causes, ...proof.causes];
      if (best !== undefined && all.length >= best.length) continue;
      const way = wayOf(text, proof, causes.length);
      if (way !== undefined) best = way === '' ? all : [...all, way];
    }
  }
  return best;
}

/** Each takes ten times as long as comparing a digest. */
const MOST_CAUSES_WITH_PSS = 1;

/** The mistake in the algorithm; empty for none, undefined when this is not the text. */
function wayOf(text: Buffer, { key, signature, signed }: Proof, causes: number): string | undefined {
  if (signed === undefined) {
    const isTried = causes <= MOST_CAUSES_WITH_PSS;
    const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING };
    return isTried && verify('RSA-SHA256', text, pss, signature)
      ? 'it was signed with PSS instead of PKCS#1 v1.5'
      : undefined;
  }
  const { algorithm, digest } = signed;
  const own = hashed(algorithm === '' ? 'sha256' : algorithm, text);
  if (own.equals(digest)) return WAYS[algorithm];
  if (hashed('sha256', own).equals(digest) || hashed('sha256', own.toString('hex')).equals(digest))
    return 'the SHA-256 of the text was signed instead of the text: it was hashed twice';
  return undefined;
}

const hashed = (algorithm: string, text: Buffer | string): Buffer =>
  createHash(algorithm).update(text).digest();

const WAYS: Readonly<Record<string, string>> = {
  sha256: '',
  md5: 'it was signed with MD5 instead of SHA-256',
  sha1: 'it was signed with SHA-1 instead of SHA-256',
  sha384: 'it was signed with SHA-384 instead of SHA-256',
  sha512: 'it was signed with SHA-512 instead of SHA-256',
  '': 'the digest was signed without the name of its algorithm (NONEwithRSA)',
};

function signaturesOf(header: string): Variant<Buffer>[] {
  const given = parseSignatureHeader(header)?.signature;
  const raw = /(?:^|[,;\s])signature\s*=\s*"?([^,;"]*)/i.exec(header)?.[1]?.trim() ?? '';
  const once = decoded(raw);
  const variants: Variant<string | undefined>[] = [
    { value: given },
    {
      value: given === undefined ? once : undefined,
      cause: 'the parts of the Signature header are not joined by commas, or stand in quotes',
    },
    { value: once === raw ? undefined : decoded(once), cause: 'the signature is URL-encoded twice' },
    { value: raw.replaceAll(' ', '+'), cause: 'a "+" of the signature became a blank on its way' },
    { value: once?.replaceAll(/\s+/g, ''), cause: 'the signature is broken into lines' },
  ];
  const read = variants.flatMap(({ value, ...rest }) =>
    value === undefined || !/^[\w+/-]+={0,2}$/.test(value)
      ? []
      : [{ value: Buffer.from(value, 'base64'), ...rest }],
  );
  const isHex = once !== undefined && /^([\da-f]{2}){128,}$/i.test(once);
  return isHex
    ? [...read, { value: Buffer.from(once, 'hex'), cause: 'the signature is hexadecimal; it must be base64' }]
    : read;
}

function* proofsOf(signatures: readonly Variant<Buffer>[], { theirs, ours }: TriedKeys): Generator<Proof> {
  const keys: Variant<KeyObject>[] = [{ value: theirs }];
  if (ours !== undefined)
    keys.push({ value: ours, cause: 'it verifies with our own key: the keys of the two sides are mixed up' });
  for (const { value: key, cause: ofKey } of keys)
    for (const { value: signature, cause } of signatures)
      yield {
        key,
        signature,
        signed: signedBy(key, signature),
        causes: [ofKey, cause].filter((one): one is string => one !== undefined),
      };
}

/** What stands before a digest, by algorithm (RFC 8017, section 9.2). */
const DIGEST_INFO: readonly (readonly [algorithm: string, prefix: string])[] = [
  ['sha256', '3031300d060960864801650304020105000420'],
  ['sha1', '3021300906052b0e03021a05000414'],
  ['sha384', '3041300d060960864801650304020205000430'],
  ['sha512', '3051300d060960864801650304020305000440'],
  ['md5', '3020300c06082a864886f70d020505000410'],
];
const SHA256_BYTES = 32;

function signedBy(key: KeyObject, signature: Buffer): Proof['signed'] {
  const read = opened(key, signature);
  if (read === undefined) return undefined;
  const hex = read.toString('hex');
  const [algorithm, prefix] = DIGEST_INFO.find(([, start]) => hex.startsWith(start)) ?? [];
  if (algorithm !== undefined && prefix !== undefined)
    return { algorithm, digest: read.subarray(prefix.length / 2) };
  return read.length === SHA256_BYTES ? { algorithm: '', digest: read } : undefined;
}

function opened(key: KeyObject, signature: Buffer): Buffer | undefined {
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    // Of another key, of another padding, or no signature at all.
    return undefined;
  }
}
