import { SettingsError } from './platform/config/load-settings.js';
import { readSettings } from './settings.js';

const faultsOf = (environment: Record<string, string>): string[] => {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ name }) => name);
    throw error;
  }
};

describe('the settings of the service', () => {
  it('need nothing where parts may be embedded', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('name in production everything that would be embedded', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'DATABASE_URL',
      'ALIPAYPLUS_BASE_URL',
      'CONSOLE_SESSION_SECRET_FILE',
      'WALLET_LEDGER',
      'API_KEYS_FILE',
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
    expect(faultsOf({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' })).toEqual([]);
  });

  it.each([
    ['statement_timeout=1000', true],
    ['options=-c%20statement_timeout%3D0', true],
    ['options=-cDateStyle%3DGerman', true],
    ['query_timeout=5', true],
    ['options=-c%20search_path%3Dpay', false],
    ['application_name=till&sslmode=disable', false],
  ])('take an address of the database with %s: refused is %s', (parameters, isRefused) => {
    const faults = faultsOf({ DATABASE_URL: `postgres://mpp@db.internal/mpp?${parameters}` });
    expect(faults).toEqual(isRefused ? ['DATABASE_URL'] : []);
  });

  it('need keys and an id of our own as soon as a real Alipay+ is named', () => {
    expect(faultsOf({ ALIPAYPLUS_BASE_URL: 'https://open-sea-global.alipayplus.com' })).toEqual([
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
  });

  it.each<[string, string, boolean]>([
    ['production', 'http://core.wallet.internal/ledger', true],
    ['production', ' HTTP://10.0.0.7:8080', true],
    ['production', 'http://127.0.0.1.example.com', true],
    ['production', 'http://localhost.example.com/', true],
    ['production', 'http://localhost:8080/ledger', false],
    ['production', 'http://127.0.0.1', false],
    ['production', 'http://[::1]:9000/a', false],
    ['production', 'https://core.wallet.internal/ledger', false],
    ['development', 'http://core.wallet.internal/ledger', false],
  ])('with NODE_ENV %s and a ledger at %s is refused: %s', (nodeEnv, url, isRefused) => {
    for (const ALLOW_EMBEDDED of ['true', 'false']) {
      const faults = faultsOf({ NODE_ENV: nodeEnv, WALLET_LEDGER_URL: url, ALLOW_EMBEDDED });
      expect(faults.includes('WALLET_LEDGER_URL')).toBe(isRefused);
    }
  });

  it('are all judged before the start is refused', () => {
    expect(
      faultsOf({
        PORT: 'x',
        ROLE: 'boss',
        DATABASE_URL: 'mysql://x',
        AMOUNT_CHECK: 'maybe',
        SUPPORTED_FLAGS: 'isPaymentEvaluation',
      }),
    ).toEqual(['ROLE', 'PORT', 'DATABASE_URL', 'SUPPORTED_FLAGS', 'AMOUNT_CHECK']);
  });
});
