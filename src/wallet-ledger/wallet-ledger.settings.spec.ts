import { loadSettings } from '../platform/config/load-settings.js';
import { WalletLedgerSettings } from './wallet-ledger.settings.js';

const load = (environment: Record<string, string>) =>
  loadSettings([WalletLedgerSettings], environment).get(WalletLedgerSettings);

const HTTP = {
  WALLET_LEDGER: 'http',
  WALLET_LEDGER_URL: 'https://core.wallet.internal/ledger',
  WALLET_LEDGER_SECRET_FILE: '/run/secrets/wallet-ledger',
};

describe('the settings of the wallet ledger', () => {
  it('choose the embedded ledger when nothing is set', () => {
    expect(load({})).toEqual({ adapter: 'embedded', timeoutMs: 3000 });
  });

  it('choose the http adapter with its address, secret and time limit', () => {
    expect(load({ ...HTTP, WALLET_LEDGER_TIMEOUT_MS: '800' })).toEqual({
      adapter: 'http',
      url: HTTP.WALLET_LEDGER_URL,
      secretFile: HTTP.WALLET_LEDGER_SECRET_FILE,
      timeoutMs: 800,
    });
  });

  it.each(['http://127.0.0.1:8080', 'http://core:9000/a/b/', 'https://core.example.com'])(
    'accept the address %s',
    (url) => expect(load({ ...HTTP, WALLET_LEDGER_URL: url }).url).toBe(url),
  );

  const TLS = {
    WALLET_LEDGER_CLIENT_CERTIFICATE_FILE: '/run/secrets/client.pem',
    WALLET_LEDGER_CLIENT_KEY_FILE: '/run/secrets/client-key.pem',
  };

  it('take files for TLS with an https address', () => {
    expect(load({ ...HTTP, ...TLS, WALLET_LEDGER_CA_FILE: '/run/secrets/ca.pem' })).toMatchObject({
      caFile: '/run/secrets/ca.pem',
      clientCertificateFile: '/run/secrets/client.pem',
      clientKeyFile: '/run/secrets/client-key.pem',
    });
  });

  it('refuse a certificate without its key, a key without its certificate, and either without https', () => {
    for (const [given, missing] of [Object.keys(TLS), Object.keys(TLS).reverse()])
      expect(() => load({ ...HTTP, [String(given)]: 'a.pem' })).toThrow(
        `${missing}: must be the path of a file; it is needed with ${given}`,
      );
    for (const files of [TLS, { WALLET_LEDGER_CA_FILE: 'ca.pem' }])
      expect(() => load({ ...HTTP, ...files, WALLET_LEDGER_URL: 'http://core:8080' })).toThrow(
        'WALLET_LEDGER_URL: must be an https address when files for TLS are given',
      );
  });

  it.each(['http://proxy.internal:3128', 'https://mpp:p%40ss@proxy.internal', 'http://[::1]:3128/'])(
    'take the proxy %s',
    (url) => expect(load({ ...HTTP, WALLET_LEDGER_PROXY_URL: url }).proxyUrl).toBe(url),
  );

  it.each([
    'proxy.internal:3128',
    'socks5://proxy.internal:1080',
    'http://proxy.internal:3128/pac',
    'http://proxy.internal:3128?a=b',
    'http://mpp:100%@proxy.internal:3128',
    'http://proxy.internal:99999',
    'http://',
  ])('refuse the proxy %s', (url) =>
    expect(() => load({ ...HTTP, WALLET_LEDGER_PROXY_URL: url })).toThrow(
      'WALLET_LEDGER_PROXY_URL: must be http(s)://user:password@host:port without a path',
    ),
  );

  it('name the address and the secret together when http lacks both', () => {
    expect(() => load({ WALLET_LEDGER: 'http' })).toThrow(
      /WALLET_LEDGER_URL: must be[\s\S]*WALLET_LEDGER_SECRET_FILE: must be/,
    );
  });

  it.each<[string, Record<string, string>]>([
    ['WALLET_LEDGER', { WALLET_LEDGER: 'HTTP' }],
    ['WALLET_LEDGER_URL', { ...HTTP, WALLET_LEDGER_URL: 'ftp://core' }],
    ['WALLET_LEDGER_URL', { ...HTTP, WALLET_LEDGER_URL: 'https://user:word@core.example.com' }],
    ['WALLET_LEDGER_URL', { ...HTTP, WALLET_LEDGER_URL: 'https://core.example.com/?a=b' }],
    ['WALLET_LEDGER_URL', { ...HTTP, WALLET_LEDGER_URL: 'https://core.example.com/#a' }],
    ['WALLET_LEDGER_URL', { WALLET_LEDGER_URL: 'not an address, although embedded does not use it' }],
    ['WALLET_LEDGER_TIMEOUT_MS', { WALLET_LEDGER_TIMEOUT_MS: '0' }],
    ['WALLET_LEDGER_TIMEOUT_MS', { WALLET_LEDGER_TIMEOUT_MS: '3s' }],
    ['WALLET_LEDGER_TIMEOUT_MS', { WALLET_LEDGER_TIMEOUT_MS: '7001' }],
  ])('refuse a wrong %s', (name, environment) => expect(() => load(environment)).toThrow(name));
});
