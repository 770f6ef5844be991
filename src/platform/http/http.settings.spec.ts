import { loadSettings } from '../config/load-settings.js';
import { HttpSettings } from './http.settings.js';

const load = (environment: Record<string, string>) =>
  loadSettings([HttpSettings], environment).get(HttpSettings);

describe('HttpSettings', () => {
  it('listens on this machine only and trusts no proxy unless told otherwise', () => {
    expect(load({})).toEqual({
      host: '127.0.0.1',
      port: 8_080,
      bodyLimitBytes: 262_144,
      publicPathPrefix: '',
      keepAliveMs: 75_000,
      shutdownDelayMs: 0,
      shutdownGraceMs: 20_000,
    });
    expect(load({ PORT: '0', TRUST_PROXY: '10.0.0.0/8, 127.0.0.1' })).toMatchObject({
      port: 0,
      trustProxy: ['10.0.0.0/8', '127.0.0.1'],
    });
  });

  it('takes a port for signed calls, which no other setting has', () => {
    expect(load({ SIGNED_CALLS_PORT: '8081', SIGNED_CALLS_HOST: '10.0.0.5' })).toMatchObject({
      signedCallsPort: 8_081,
      signedCallsHost: '10.0.0.5',
    });
    expect(load({ PORT: '0', MANAGEMENT_PORT: '0', SIGNED_CALLS_PORT: '0' }).signedCallsPort).toBe(0);
    expect(load({}).signedCallsPort).toBeUndefined();
    expect(() => load({ SIGNED_CALLS_PORT: '8080' })).toThrow(
      /^SIGNED_CALLS_PORT: must be another one than PORT$/,
    );
    expect(() => load({ MANAGEMENT_PORT: '9090', SIGNED_CALLS_PORT: '9090' })).toThrow(
      /^SIGNED_CALLS_PORT: must be another one than MANAGEMENT_PORT$/,
    );
  });

  it('takes a management port beside its own, or any free one beside any free one', () => {
    expect(load({ MANAGEMENT_PORT: '9090', MANAGEMENT_HOST: '10.0.0.5' })).toMatchObject({
      managementPort: 9_090,
      managementHost: '10.0.0.5',
    });
    expect(load({ PORT: '0', MANAGEMENT_PORT: '0' }).managementPort).toBe(0);
    for (const environment of [{ MANAGEMENT_PORT: '8080' }, { PORT: '9090', MANAGEMENT_PORT: '9090' }])
      expect(() => load(environment)).toThrow(/^MANAGEMENT_PORT: must be another one than PORT$/);
  });

  it.each(['172.16.0.0/12', 'fc00::/7', 'fd00::/8', '::1', '2001:db8::/32', '192.168.1.7/32'])(
    'takes the network %s of a proxy',
    (network) => expect(load({ TRUST_PROXY: network }).trustProxy).toEqual([network]),
  );

  it.each([
    '0.0.0.0/01',
    '0.0.0.0/00',
    '128.0.0.0/007',
    '::/01',
    '8000::/06',
    '::ffff:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1:fffe::/64',
    '2002::/16',
    '::ffff:0.0.0.0/96',
    '::ffff:128.0.0.0/97',
    '0:0:0:0:0:FFFF:0:0/100',
    '::/8',
    '10.0.0.0/33',
    'fc00::/129',
    '300.1.1.1/32',
    '10.0.0/24',
    ':::/64',
  ])('does not take %s for a network of proxies', (network) =>
    expect(() => load({ TRUST_PROXY: `10.0.0.0/8,${network}` })).toThrow(/^TRUST_PROXY: must /),
  );

  it.each(['/pay', '/gw/v1/pay', '/~pay_1', '/a.b', '/.well-known'])(
    'takes the prefix %s of a proxy',
    (prefix) => expect(load({ PUBLIC_PATH_PREFIX: prefix }).publicPathPrefix).toBe(prefix),
  );

  it.each([
    ['PUBLIC_PATH_PREFIX', '/'],
    ['PUBLIC_PATH_PREFIX', '/pay/'],
    ['PUBLIC_PATH_PREFIX', 'pay'],
    ['PUBLIC_PATH_PREFIX', '//host'],
    ['PUBLIC_PATH_PREFIX', '/a//b'],
    ['PUBLIC_PATH_PREFIX', '/a/../b'],
    ['PUBLIC_PATH_PREFIX', '/.'],
    ['PUBLIC_PATH_PREFIX', '/a b'],
    ['PUBLIC_PATH_PREFIX', '/a?b'],
    ['PUBLIC_PATH_PREFIX', '/a"b'],
    ['PUBLIC_PATH_PREFIX', '/a;b'],
    ['PUBLIC_PATH_PREFIX', '/a%2Fb'],
    ['PUBLIC_PATH_PREFIX', '/é'],
    ['PUBLIC_PATH_PREFIX', `/${'a'.repeat(200)}`],
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['MANAGEMENT_PORT', '65536'],
    ['SIGNED_CALLS_PORT', '-1'],
    ['BODY_LIMIT_BYTES', '0'],
    ['SHUTDOWN_GRACE_MS', '-1'],
    ['TRUST_PROXY', 'everyone'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.0/8, 0.0.0.0/1, 128.0.0.0/1'],
    ['TRUST_PROXY', '::/0'],
    ['TRUST_PROXY', '2000::/3'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(name);
  });
});
