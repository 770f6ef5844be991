import { createHmac } from 'node:crypto';

export interface SignedRequestParts {
  readonly method: 'GET' | 'POST';
  /** As on the request line: percent-encoded, with the path of the base address. */
  readonly path: string;
  /** As in the `Ledger-Time` header. */
  readonly time: string;
  /** The bytes that are sent; empty for GET. */
  readonly body: Buffer;
}

/**
 * The `Ledger-Signature` header. The first three parts hold no line break, so no two requests have the same text;
 * the version in front lets a core accept two recipes while one replaces the other.
 */
export function signLedgerRequest(parts: SignedRequestParts, secret: Buffer): string {
  const mac = createHmac('sha256', secret)
    .update(`${parts.method}\n${parts.path}\n${parts.time}\n`, 'utf8')
    .update(parts.body)
    .digest('hex');
  return `v1=${mac}`;
}
