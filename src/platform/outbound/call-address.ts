/** Where a call goes, taken apart. */
export interface CallAddress {
  readonly protocol: string;
  readonly origin: string;
  readonly hostname: string;
  /** Path and query, as they stand in the request line. */
  readonly path: string;
}

let last: { readonly text: string; readonly address: CallAddress } | undefined;

/** Undefined for a text that is not an address. The last one is kept: most calls go to the same address. */
export function addressOf(text: string): CallAddress | undefined {
  if (last?.text === text) return last.address;
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, hostname, pathname, search } = new URL(text);
  const address = { protocol, origin, hostname, path: pathname + search };
  last = { text, address };
  return address;
}

/**
 * The part of an address that is signed: path and query, exactly as the HTTP client will write them into the request
 * line. Undefined for a text that is not an address of http or https.
 */
export function signedPathOf(address: string): string | undefined {
  const known = addressOf(address);
  return known?.protocol === 'https:' || known?.protocol === 'http:' ? known.path : undefined;
}
