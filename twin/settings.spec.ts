import { readSettings, SETTINGS, TwinSettingsError } from './settings.js';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof TwinSettingsError) return error.faults;
    throw error;
  }
}

describe('the settings', () => {
  it('may all be absent', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
      dataDir: null,
      privateKeyFiles: null,
      keyVersion: '1',
      mppPublicKeyFiles: null,
      clientId: 'SANDBOX_TWIN_MPP',
      mppBaseUrl: null,
      mppPaths: {
        inquiryPayment: '/aps/api/v1/payments/inquiryPayment',
        cancelPayment: '/aps/api/v1/payments/cancelPayment',
        refund: '/aps/api/v1/payments/refund',
        inquiryRefund: '/aps/api/v1/payments/inquiryRefund',
      },
      inquiryGapsMs: [],
      cancelGapMs: 1000,
    });
  });

  it('are read from the environment', () => {
    const settings = readSettings({
      TWIN_PORT: '4000',
      TWIN_PUBLIC_URL: 'http://twin:4000/',
      TWIN_PRIVATE_KEY_FILE: '/keys/private.pem',
      TWIN_MPP_PUBLIC_KEY_FILE: '1=/keys/one.pem, 2=/keys/two.pem',
      TWIN_INQUIRY_GAPS_MS: '1000, 2000',
      TWIN_MPP_BASE_URL: 'http://127.0.0.1:3000/',
    });
    expect(settings).toMatchObject({
      port: 4000,
      publicUrl: 'http://twin:4000',
      inquiryGapsMs: [1000, 2000],
      mppBaseUrl: 'http://127.0.0.1:3000',
    });
    expect([...(settings.privateKeyFiles ?? [])]).toEqual([['1', '/keys/private.pem']]);
    expect([...(settings.mppPublicKeyFiles ?? [])]).toEqual([
      ['1', '/keys/one.pem'],
      ['2', '/keys/two.pem'],
    ]);
  });

  it('that are empty count as absent', () => {
    expect(readSettings({ TWIN_PORT: ' ', TWIN_DATA_DIR: '' })).toMatchObject({ port: 0, dataDir: null });
  });

  it('may name a key of our own for each version, and the one that signs at first', () => {
    const keys = { TWIN_PRIVATE_KEY_FILE: '1=/keys/one.pem,2=/keys/two.pem', TWIN_MPP_PUBLIC_KEY_FILE: 'm' };
    const settings = readSettings({ ...keys, TWIN_KEY_VERSION: '2' });
    expect([settings.keyVersion, settings.privateKeyFiles?.get('2')]).toEqual(['2', '/keys/two.pem']);
    expect(faultsOf({ ...keys, TWIN_KEY_VERSION: '3' })).toEqual([
      'TWIN_PRIVATE_KEY_FILE has no key of TWIN_KEY_VERSION 3',
    ]);
  });

  it('with faults are all named at once', () => {
    const faults = faultsOf({
      TWIN_PORT: '70000',
      TWIN_MPP_BASE_URL: 'mpp',
      TWIN_MPP_CANCEL_PATH: 'cancel',
      TWIN_INQUIRY_GAPS_MS: '1s',
      TWIN_PRIVATE_KEY_FILE: '/keys/private.pem',
    });
    for (const name of ['TWIN_PORT', 'TWIN_MPP_BASE_URL', 'TWIN_MPP_CANCEL_PATH', 'TWIN_INQUIRY_GAPS_MS']) {
      expect(faults).toContainEqual(expect.stringContaining(name));
    }
    expect(faults).toContainEqual(expect.stringContaining('TWIN_MPP_PUBLIC_KEY_FILE'));
    expect(faults).toHaveLength(5);
  });

  it('each have a name of their own', () => {
    expect(new Set(SETTINGS.map((setting) => setting.name)).size).toBe(SETTINGS.length);
  });
});
