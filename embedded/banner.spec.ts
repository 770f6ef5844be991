import { readSettings } from '../src/settings.js';
import { banner } from './banner.js';

const TOKENS = { walletApp: 'wallet_t', operator: 'operator_t', tokensFile: 't.json', apiKeysFile: 'k.json' };
const PARTNER = {
  ALIPAYPLUS_BASE_URL: 'https://open.example',
  ALIPAYPLUS_CLIENT_ID: 'c',
  ALIPAYPLUS_PRIVATE_KEY_FILE: 'p',
  ALIPAYPLUS_PUBLIC_KEY_FILES: '1=q',
};
const HTTP_LEDGER = {
  WALLET_LEDGER: 'http',
  WALLET_LEDGER_URL: 'https://core.example',
  WALLET_LEDGER_SECRET_FILE: 's',
};
const KEYS = { API_KEYS_FILE: 'k.json' };
const JWKS = { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' };

/** As `startEmbeddedParts` would call it for these settings. */
function printed(environment: Readonly<Record<string, string>>, managementUrl?: string): string {
  const hasOwnTokens = 'API_KEYS_FILE' in environment || 'AUTH_JWKS_URL' in environment;
  const facts = {
    started: [],
    tokens: hasOwnTokens ? undefined : TOKENS,
    hasTwin: !('ALIPAYPLUS_BASE_URL' in environment),
    url: 'http://127.0.0.1:1',
    managementUrl,
  };
  return banner(facts, readSettings(environment));
}

const DATABASES = [{}, { DATABASE_URL: 'postgres://db/mpp' }];
const QUEUES = [{}, { REDIS_URL: 'redis://q' }];
const ROLES = [{}, { ROLE: 'api' }];
const OF_NO_MATTER = DATABASES.flatMap((one) =>
  QUEUES.flatMap((other) => ROLES.map((role) => ({ ...one, ...other, ...role }))),
);

describe('the banner', () => {
  test.each(OF_NO_MATTER)('prints a scan to try with our tokens, twin and ledger, and %j', (others) => {
    expect(printed(others)).toMatch(/curl -s \S+\/v1\/scans .*Bearer wallet_t/);
  });

  test.each([
    [PARTNER, ['ALIPAYPLUS_BASE_URL']],
    [HTTP_LEDGER, ['WALLET_LEDGER_URL']],
    [KEYS, ['API_KEYS_FILE']],
    [JWKS, ['AUTH_JWKS_URL']],
    [{ ...PARTNER, ...HTTP_LEDGER }, ['ALIPAYPLUS_BASE_URL', 'WALLET_LEDGER_URL']],
    [{ ...PARTNER, ...KEYS }, ['ALIPAYPLUS_BASE_URL', 'API_KEYS_FILE']],
    [{ ...HTTP_LEDGER, ...JWKS }, ['WALLET_LEDGER_URL', 'AUTH_JWKS_URL']],
    [{ ...PARTNER, ...HTTP_LEDGER, ...KEYS }, ['ALIPAYPLUS_BASE_URL', 'WALLET_LEDGER_URL', 'API_KEYS_FILE']],
  ])('names the settings that a scan needs instead of printing a scan that fails: %j', (settings, named) => {
    for (const others of OF_NO_MATTER) {
      const text = printed({ ...others, ...settings });
      expect(text).not.toMatch(/curl \S* ?\S*\/v1\/scans/);
      expect(text).toContain('A payer scans a code with POST http://127.0.0.1:1/v1/scans');
      const needs = text.split('\n').filter((line) => line.startsWith('    - '));
      expect(needs).toHaveLength(named.length);
      for (const name of named) expect(needs.join('\n')).toContain(name);
    }
  });

  test('prints no scan for a worker, which takes no calls', () => {
    expect(printed({ ROLE: 'worker' })).not.toMatch(/curl|\/v1\//);
  });

  test('prints the address of the management port, for figures and the description', () => {
    const text = printed(KEYS, 'http://127.0.0.1:2');
    for (const path of ['docs', 'metrics']) expect(text).toContain(`http://127.0.0.1:2/${path}`);
    expect(text).not.toContain('http://127.0.0.1:1/docs');
    expect(printed(KEYS)).not.toContain('/metrics');
  });

  test('prints a code that no earlier start has scanned', () => {
    const codes = [1, 2].map(() => /twin:[^"]+/.exec(printed({}))?.[0]);
    expect(codes[0]).not.toBe(codes[1]);
  });
});
