import { addressOf } from '../call-address.js';

/**
 * The part of an address that is signed: path and query, exactly as the HTTP client will write them into the request
 * line. Undefined for a text that is no address of http or https.
 */
export function signedPathOf(address: string): string | undefined {
  const known = addressOf(address);
  return known?.protocol === 'https:' || known?.protocol === 'http:' ? known.path : undefined;
}
