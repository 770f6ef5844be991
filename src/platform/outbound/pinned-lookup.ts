import { type LookupAddress, type LookupOptions, promises } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isPublicAddress } from './public-address.js';

export type ResolveHost = (host: string, options: LookupOptions) => Promise<readonly LookupAddress[]>;

/** What a refused connection fails with. */
export const ADDRESS_NOT_PUBLIC = 'ERR_ADDRESS_NOT_PUBLIC';

class AddressNotPublicError extends Error {
  readonly code = ADDRESS_NOT_PUBLIC;
}

/**
 * The `lookup` of an agent whose connections may only leave for the internet. A host is resolved once for each
 * connection and the socket gets the very addresses that were judged, so a name that changes its mind between the look
 * and the connect gains nothing. One bad address among several refuses them all: nobody publishes both by accident.
 */
export function pinnedLookup(
  resolve: ResolveHost = resolveHost,
  isAllowed: (address: string) => boolean = isPublicAddress,
): LookupFunction {
  const judged = callbackify(async (host: string, options: LookupOptions) => {
    const [first, ...others] = await resolve(host, options);
    if (first && [first, ...others].every(({ address }) => isAllowed(address))) return { first, others };
    throw new AddressNotPublicError('the host has an address that may not be called');
  });
  return (host, options, callback) => {
    judged(host, options, (error, found) => {
      // Node gives an error and no value, or a value and null.
      if (error !== null) callback(error, '', 0);
      else if (options.all === true) callback(null, [found.first, ...found.others]);
      else callback(null, found.first.address, found.first.family);
    });
  };
}

/** As the system does it, hosts file included. */
function resolveHost(host: string, { family, hints }: LookupOptions): Promise<readonly LookupAddress[]> {
  return promises.lookup(host, {
    all: true,
    ...(family === undefined ? {} : { family }),
    ...(hints === undefined ? {} : { hints }),
  });
}
