const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns_error',
  EAI_AGAIN: 'dns_error',
  EPROTO: 'tls_error',
};

/** Node and OpenSSL name their many certificate and handshake failures with these words. */
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE_FAILURE|UNABLE_TO_|HOSTNAME_MISMATCH/;

/** Why no answer came, in one stable word; the code of the error decides, never its message. */
export function transportFailure(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
      ? error.code
      : '';
  return REASONS[code] ?? (TLS_CODE.test(code) ? 'tls_error' : 'network_error');
}
