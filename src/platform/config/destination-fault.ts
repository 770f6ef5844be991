import { errorCodeOf } from '../error-code.js';

/** Where a connection was to go. A path in the place of the host is a socket of this machine. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

type Explain = (to: Destination, message: string, authority: string) => string;

/** `host:port`, as it is typed. */
export function placeOf({ host, port }: Destination): string {
  if (host.startsWith('/')) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const isUntrusted: Explain = (to, message, authority) =>
  `names ${placeOf(to)}, whose certificate is not trusted (${message}); give its authority with ${authority}=<file>`;
const speaksNoTls: Explain = (to) => `asks for TLS, which ${placeOf(to)} does not speak`;
const hasNoRoute: Explain = (to) => `names ${placeOf(to)}, to which there is no route`;

/** By the code of Node. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: (to) => `names ${placeOf(to)}, where nothing listens`,
  ENOTFOUND: ({ host }) => `names the host ${host}, which is not known`,
  EAI_AGAIN: ({ host }) => `names the host ${host}, which cannot be looked up at the moment`,
  ENOENT: (to) => `names ${placeOf(to)}, which is not there`,
  EACCES: (to) => `names ${placeOf(to)}, which this process may not connect to`,
  EHOSTUNREACH: hasNoRoute,
  ENETUNREACH: hasNoRoute,
  ETIMEDOUT: (to) => `names ${placeOf(to)}, which does not answer`,
  ECONNRESET: (to) => `names ${placeOf(to)}, which hung up`,
  EPIPE: (to) => `names ${placeOf(to)}, which hung up`,
  EPROTO: speaksNoTls,
  ERR_SSL_WRONG_VERSION_NUMBER: speaksNoTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: speaksNoTls,
  DEPTH_ZERO_SELF_SIGNED_CERT: isUntrusted,
  SELF_SIGNED_CERT_IN_CHAIN: isUntrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: isUntrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: isUntrusted,
  CERT_HAS_EXPIRED: (to) => `names ${placeOf(to)}, whose certificate has expired`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => `names ${host}, but the certificate there is for another host`,
};

/**
 * Why the way to a server is barred, in words that follow the name of the setting that gave its address; undefined when
 * the error is about something else. Quotes only host and port of the address.
 *
 * @param authority the setting with a file of the certificates that are trusted there
 */
export function destinationFault(
  error: unknown,
  to: Destination,
  authority = 'NODE_EXTRA_CA_CERTS',
): string | undefined {
  // A name with several addresses fails with one error of each.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const message = first instanceof Error ? first.message : '';
  return BY_CODE[errorCodeOf(error) ?? errorCodeOf(first) ?? '']?.(to, message, authority);
}
