/**
 * The part of an address that is signed: path and query, exactly as the HTTP client will write them into the request
 * line. Undefined for a text that is no address of http or https.
 */
export function signedPathOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, pathname, search } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? pathname + search : undefined;
}
