/** The content of a signature. `uri` is path and query as sent; `time` is the literal header text. */
export interface SignedMessage {
  readonly method: string;
  readonly uri: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Uint8Array;
}

export function contentToBeSigned(message: SignedMessage): Buffer {
  const head = `${message.method} ${message.uri}\n${message.clientId}.${message.time}.`;
  return Buffer.concat([Buffer.from(head, 'utf8'), message.body]);
}

export interface SignatureHeader {
  readonly algorithm: string;
  readonly keyVersion: string;
  readonly signature: Buffer;
}

export function formatSignatureHeader(keyVersion: string, signature: Buffer): string {
  return `algorithm=RSA256,keyVersion=${keyVersion},signature=${encodeURIComponent(signature.toString('base64'))}`;
}

const HEADER = /^algorithm=([A-Z0-9]+), *keyVersion=(\d{1,9}), *signature=([A-Za-z0-9%]+)$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Null when the header is not in the documented form. A value that was not URL-encoded is refused: `+`, `/` and `=`
 * must be escaped.
 */
export function parseSignatureHeader(text: string): SignatureHeader | null {
  const [, algorithm, keyVersion, encoded] = HEADER.exec(text) ?? [];
  if (algorithm === undefined || keyVersion === undefined || encoded === undefined) return null;
  const base64 = urlDecoded(encoded);
  if (base64 === null || !BASE64.test(base64)) return null;
  return { algorithm, keyVersion, signature: Buffer.from(base64, 'base64') };
}

function urlDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
