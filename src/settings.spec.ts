import { SettingsError } from './platform/config/settings-error.js';
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
      'WALLET_LEDGER',
      'API_KEYS_FILE',
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
    expect(faultsOf({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' })).toEqual([]);
  });

  it('need keys and an id of our own as soon as a real Alipay+ is named', () => {
    expect(faultsOf({ ALIPAYPLUS_BASE_URL: 'https://open-sea-global.alipayplus.com' })).toEqual([
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
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
