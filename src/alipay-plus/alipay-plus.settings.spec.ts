import { settingsWith } from './spec-support/settings-with.js';

describe('AlipayPlusSettings', () => {
  it('has a default for everything but address and keys', () => {
    expect(settingsWith({})).toEqual({
      clientId: 'TEST_5X00000000000000',
      keyVersion: '1',
      timeoutMs: 8000,
      notifyTimeoutMs: 5000,
      notifyHosts: [
        'open-sea.alipayplus.com',
        'open-sea-global.alipayplus.com',
        'open-na.alipayplus.com',
        'open-na-global.alipayplus.com',
      ],
      userInitiatedPayPath: '/aps/api/v1/payments/userInitiatedPay',
      inquiryPath: '/aps/api/v1/payments/inquiryPayment',
      cancelPath: '/aps/api/v1/payments/cancelPayment',
      refundPath: '/aps/api/v1/payments/refund',
      inquiryRefundPath: '/aps/api/v1/payments/inquiryRefund',
      publicPathPrefix: '',
    });
  });

  it('reads keys by version and hosts as lists', () => {
    const settings = settingsWith({
      ALIPAYPLUS_BASE_URL: 'https://open-na.alipayplus.com/',
      ALIPAYPLUS_PUBLIC_KEY_FILES: '1=/a.pem, 2=/b.pem',
      ALIPAYPLUS_NOTIFY_HOSTS: '*.alipayplus.com, 127.0.0.1:8080, [::1]:8080, twin',
    });
    expect(settings.publicKeyFiles).toEqual({ '1': '/a.pem', '2': '/b.pem' });
    expect(settings.notifyHosts).toEqual(['*.alipayplus.com', '127.0.0.1:8080', '[::1]:8080', 'twin']);
  });

  it.each([
    ['ALIPAYPLUS_BASE_URL', 'https://h.example/prefix'],
    ['ALIPAYPLUS_BASE_URL', 'https://user:secret@h.example'],
    ['ALIPAYPLUS_BASE_URL', 'h.example'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', 'open-na.alipayplus.com,*.com'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*.co.uk'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*.com.cn'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', 'https://open-na.alipayplus.com'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', 'open-*.alipayplus.com'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', 'open-na.alipayplus.com/aps'],
    ['ALIPAYPLUS_BASE_URL', 'https://h.example:99999'],
    ['ALIPAYPLUS_BASE_URL', 'https://[::1'],
    ['ALIPAYPLUS_CLIENT_ID', 'two words'],
    ['ALIPAYPLUS_KEY_VERSION', 'one'],
    ['ALIPAYPLUS_PUBLIC_KEY_FILES', '/only/a/path.pem'],
    ['ALIPAYPLUS_PUBLIC_KEY_FILES', '1=/a.pem,1=/b.pem'],
    ['ALIPAYPLUS_TIMEOUT_MS', '8s'],
    ['ALIPAYPLUS_TIMEOUT_MS', '50'],
    ['ALIPAYPLUS_NOTIFY_TIMEOUT_MS', '600000'],
    ['ALIPAYPLUS_INQUIRY_PATH', 'no/slash'],
    ['ALIPAYPLUS_CANCEL_PATH', '/with?query'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => settingsWith({ [name]: value })).toThrow(name);
  });
});
