import { errors } from 'undici';
import { ADDRESS_NOT_PUBLIC } from '../../platform/outbound/pinned-lookup.js';
import { errorCodeOf } from '../../platform/error-code.js';
import type { UnknownReason } from './exchange.js';

const BY_CODE: Readonly<Record<string, UnknownReason>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns_error',
  EAI_AGAIN: 'dns_error',
  EAI_FAIL: 'dns_error',
  EAI_NODATA: 'dns_error',
  EAI_NONAME: 'dns_error',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  ECONNRESET: 'network_error',
  ECONNABORTED: 'network_error',
  EPIPE: 'network_error',
  EHOSTUNREACH: 'network_error',
  ENETUNREACH: 'network_error',
  EADDRNOTAVAIL: 'network_error',
  EPROTO: 'tls_error',
  CERT_HAS_EXPIRED: 'tls_error',
  CERT_NOT_YET_VALID: 'tls_error',
  CERT_REVOKED: 'tls_error',
  CERT_SIGNATURE_FAILURE: 'tls_error',
  CERT_UNTRUSTED: 'tls_error',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_error',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_error',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_error',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_error',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_error',
  HOSTNAME_MISMATCH: 'tls_error',
  ERR_INVALID_URL: 'invalid_url',
  UND_ERR_INVALID_ARG: 'invalid_url',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'unreadable',
  [ADDRESS_NOT_PUBLIC]: 'address_not_public',
};

const BY_PREFIX: readonly (readonly [prefix: string, reason: UnknownReason])[] = [
  ['ERR_TLS_', 'tls_error'],
  ['ERR_SSL_', 'tls_error'],
];

/** The class of a failed call, by the code or class of its error and never by its message. */
export function transportFailure(error: unknown): UnknownReason {
  // The one error of the HTTP client that comes without its code.
  if (error instanceof errors.HTTPParserError) return 'unreadable';
  const code = errorCodeOf(error) ?? '';
  const listed = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return listed ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'network_error';
}
