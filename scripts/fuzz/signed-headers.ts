import { sign, type KeyLike } from 'node:crypto';

/** The content and the key of an answer's signature. */
export interface Signing {
  readonly key: KeyLike;
  readonly clientId: string;
  /** The path of the answered request. */
  readonly path: string;
  readonly time: string;
  readonly body: Buffer;
}

/** The headers of a correctly signed answer, written without the code that checks them. */
export function signedHeaders(signing: Signing): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=UTF-8',
    'Client-Id': signing.clientId,
    'Response-Time': signing.time,
    Signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signatureOf(signing))}`,
  };
}

/** Base64. */
function signatureOf({ key, clientId, path, time, body }: Signing): string {
  const text = Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`), body]);
  return sign('RSA-SHA256', text, key).toString('base64');
}
