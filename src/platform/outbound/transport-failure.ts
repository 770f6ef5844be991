import { errors } from 'undici';
import { errorCodeOf } from '../error-code.js';
import { ADDRESS_NOT_PUBLIC } from './pinned-lookup.js';
import { PROXY_REFUSED } from './tunnel.js';

/** Why no answer came to a call of ours, in one stable word. */
export type TransportFailure =
  | 'timeout'
  | 'connection_refused'
  | 'dns_error'
  | 'tls_error'
  | 'network_error'
  | 'invalid_url'
  | 'unreadable'
  /** The host resolves to an address that may not be called; no byte was sent. */
  | 'address_not_public';

const BY_CODE: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: 'connection_refused',
  [PROXY_REFUSED]: 'connection_refused',
  ENOTFOUND: 'dns_error',
  EAI_AGAIN: 'dns_error',
  EAI_FAIL: 'dns_error',
  EAI_NODATA: 'dns_error',
  EAI_NONAME: 'dns_error',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EPROTO: 'tls_error',
  ERR_INVALID_URL: 'invalid_url',
  UND_ERR_INVALID_ARG: 'invalid_url',
  UND_ERR_HEADERS_OVERFLOW: 'unreadable',
  [ADDRESS_NOT_PUBLIC]: 'address_not_public',
};

/** Node and OpenSSL name their many certificate and handshake failures with these words. */
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE_FAILURE|UNABLE_TO_|HOSTNAME_MISMATCH/;

/** The one table for every call that leaves this process. The code or class of the error decides, never its message. */
export function transportFailure(error: unknown): TransportFailure {
  // The one error of undici that comes without its code.
  if (error instanceof errors.HTTPParserError) return 'unreadable';
  const code = errorCodeOf(error) ?? '';
  const listed = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return listed ?? (TLS_CODE.test(code) ? 'tls_error' : 'network_error');
}
