import { transportFailure } from './transport-failure.js';

describe('transportFailure', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'dns_error'],
    ['EAI_AGAIN', 'dns_error'],
    ['ETIMEDOUT', 'timeout'],
    ['EPROTO', 'tls_error'],
    ['ECONNRESET', 'network_error'],
    ['EPIPE', 'network_error'],
    ['EHOSTUNREACH', 'network_error'],
    ['CERT_HAS_EXPIRED', 'tls_error'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_error'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_error'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_error'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_error'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_SOCKET', 'network_error'],
    ['UND_ERR_HEADERS_OVERFLOW', 'unreadable'],
    ['UND_ERR_INVALID_ARG', 'invalid_url'],
    ['ERR_INVALID_URL', 'invalid_url'],
    ['ESOMETHINGNEW', 'network_error'],
    ['constructor', 'network_error'],
  ])('classes %s as %s', (code, reason) => {
    expect(transportFailure(Object.assign(new Error('whatever it says'), { code }))).toBe(reason);
  });

  it.each([undefined, null, 'ECONNREFUSED', new Error('ECONNREFUSED'), { code: 7 }])(
    'does not read the message of %p',
    (error) => {
      expect(transportFailure(error)).toBe('network_error');
    },
  );
});
