import { verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedCall {
  /** With query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whether a call carries the wallet's signature over exactly these bytes. */
export function isSignedBy(
  publicKey: string,
  clientId: string,
  { path, headers, body }: ReceivedCall,
): boolean {
  const text = Buffer.from(`POST ${path}\n${clientId}.${String(headers['request-time'])}.`);
  const header = String(headers['signature']);
  const signature = decodeURIComponent(header.slice(header.indexOf('signature=') + 'signature='.length));
  return verify('RSA-SHA256', Buffer.concat([text, body]), publicKey, Buffer.from(signature, 'base64'));
}
