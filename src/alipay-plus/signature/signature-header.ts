export interface SignatureHeader {
  readonly algorithm: string;
  /** Absent when the header names none. */
  readonly keyVersion: string | undefined;
  /** Base64, URL encoding removed. */
  readonly signature: string;
}

const ALGORITHM = 'RSA256';
const BASE64 = /^[\w+/-]+={0,2}$/;

/** The spelling the SDKs send: no blanks after the commas. */
export function formatSignatureHeader(keyVersion: string, signature: string): string {
  return `algorithm=${ALGORITHM},keyVersion=${keyVersion},signature=${encodeURIComponent(signature)}`;
}

/**
 * Reads the header in any order of its parts, with or without blanks. Base64 pads with `=`, so a part ends its name at
 * the first `=` only; it contains no comma, so commas may be split on. A value that was never URL-encoded is taken too.
 */
export function parseSignatureHeader(header: string): SignatureHeader | undefined {
  const parts = new Map<string, string>();
  for (const part of header.split(',')) {
    const [name, value] = partOf(part);
    if (name === '' || parts.has(name)) return undefined;
    parts.set(name, value);
  }
  const signature = urlDecoded(parts.get('signature') ?? '');
  if (signature === undefined || !BASE64.test(signature)) return undefined;
  return { algorithm: parts.get('algorithm') || ALGORITHM, keyVersion: parts.get('keyversion'), signature };
}

export function isKnownAlgorithm({ algorithm }: SignatureHeader): boolean {
  return algorithm.toUpperCase() === ALGORITHM;
}

function partOf(part: string): readonly [name: string, value: string] {
  const at = part.indexOf('=');
  return at < 0 ? ['', ''] : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
}

/** Not the decoding of forms, which would turn the `+` of a plain base64 into a blank. */
function urlDecoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    // The only error is a malformed escape, and such a header cannot be verified.
    return undefined;
  }
}
