import { transportFailure } from './transport-failure.js';

describe('transportFailure', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'dns_error'],
    ['EAI_AGAIN', 'dns_error'],
    ['EPROTO', 'tls_error'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_error'],
    ['CERT_HAS_EXPIRED', 'tls_error'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_error'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_error'],
    ['ECONNRESET', 'network_error'],
    ['EHOSTUNREACH', 'network_error'],
  ])('names %s %s', (code, reason) =>
    expect(transportFailure(Object.assign(new Error('text nobody reads'), { code }))).toBe(reason),
  );

  it('names whatever has no code a network error', () => {
    for (const thrown of [new Error('x'), 'text', null, undefined, { code: 7 }])
      expect(transportFailure(thrown)).toBe('network_error');
  });
});
