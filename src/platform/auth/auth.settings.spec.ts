import { loadSettings } from '../config/load-settings.js';
import { AuthSettings } from './auth.settings.js';

const jwt = {
  AUTH_JWKS_URL: 'https://id.example/jwks',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'api',
};
const DEFAULTS = {
  audienceClaim: 'aud',
  customerClaim: 'sub',
  scopeClaims: ['scope', 'scp'],
  keysStaleHours: 24,
  keysRefreshMs: 1_000,
};
const load = (environment: Record<string, string>) =>
  loadSettings([AuthSettings], environment).get(AuthSettings);

describe('AuthSettings', () => {
  it('may be empty, or name a key file, a provider, or both', () => {
    expect(load({})).toEqual(DEFAULTS);
    expect(load({ ...jwt, API_KEYS_FILE: '/keys.json' })).toEqual({
      ...DEFAULTS,
      apiKeysFile: '/keys.json',
      jwksUrl: 'https://id.example/jwks',
      issuer: 'https://id.example',
      audiences: ['api'],
    });
  });

  it('names issuer and audience when a provider is set without them', () => {
    expect(() => load({ AUTH_JWKS_URL: jwt.AUTH_JWKS_URL })).toThrow(/AUTH_ISSUER[\s\S]*AUTH_AUDIENCE/);
  });

  it.each([['http://id.example/jwks'], ['ftp://id.example/jwks'], ['nonsense']])(
    'refuses keys from %s',
    (url) => {
      expect(() => load({ ...jwt, AUTH_JWKS_URL: url })).toThrow('AUTH_JWKS_URL');
    },
  );

  it('takes plain http from this machine only', () => {
    expect(load({ ...jwt, AUTH_JWKS_URL: 'http://127.0.0.1:9/jwks' }).jwksUrl).toBe(
      'http://127.0.0.1:9/jwks',
    );
  });
});
