import { UserInitiatedPayResponse } from '../alipay-plus/wire/user-initiated-pay.js';
import { decodedOrderOf, type DecodeRules } from './decoded-order-of.js';

const RULES: DecodeRules = {
  notifyUrl: 'https://default.example/notify',
  notifyUrls: { hosts: ['default.example', 'alipay.example'], plainHttpAllowed: false },
  supportedFlags: [],
  amountCheck: 'flag',
};

/** Seed case 1 with a surcharge, as the reader of an answer returns it. */
const CASE_1 = {
  result: { resultStatus: 'S', resultCode: 'SUCCESS' },
  acquirerId: '1020000000000000001',
  pspId: '1020000000000000002',
  codeType: 'ORDER_CODE',
  paymentRequestId: '20200000000000000134',
  order: {
    referenceOrderId: 'O-1',
    orderDescription: 'SHOES',
    orderAmount: { currency: 'JPY', value: '1000' },
  },
  paymentAmount: { currency: 'JPY', value: '995' },
  payToAmount: { currency: 'HKD', value: '8518' },
  paymentQuote: { quoteId: 'q-1', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' },
  surchargeInfo: {
    surchargeAmount: { currency: 'HKD', value: '8916' },
    surchargeQuote: { quoteId: 'q-2', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.9614' },
  },
  paymentPromoInfo: {
    paymentPromoDetails: [{ promoId: 'p', savingsAmount: { currency: 'HKD', value: '43' } }],
  },
  paymentFactor: { isCashierPayment: true, isInStorePayment: true, needSurcharge: true },
  paymentNotifyUrl: 'https://alipay.example/notify',
  paymentExpiryTime: '2025-11-27T12:01:01+08:00',
};

/** Seed case 2: 10000 USD less a promotion of 500 HKD. */
const CASE_2 = {
  paymentAmount: { currency: 'USD', value: '9946' },
  payToAmount: { currency: 'HKD', value: '92807' },
  paymentQuote: { quoteId: 'q-3', quoteCurrencyPair: 'USD/HKD', quotePrice: '9.3307' },
  surchargeInfo: undefined,
  paymentPromoInfo: {
    paymentPromoDetails: [{ promoId: 'p', savingsAmount: { currency: 'HKD', value: '500' } }],
  },
  paymentFactor: { isCashierPayment: true },
};

const decode = (
  change: object = {},
  rules: Partial<DecodeRules> = {},
  notPayable = [] as { field: string; rule: string }[],
) =>
  decodedOrderOf(Object.assign(new UserInitiatedPayResponse(), CASE_1, change), notPayable, {
    ...RULES,
    ...rules,
  });

describe('the order of an accepted answer', () => {
  it('the published case 2 is accepted unchanged, and its amounts agree', () => {
    const decoded = decode(CASE_2, { amountCheck: 'reject' });
    expect(decoded).toMatchObject({
      paymentAmount: { currency: 'USD', value: 9946n },
      payToAmount: { currency: 'HKD', value: 92807n },
      payAmount: { currency: 'HKD', value: 92807n },
    });
    expect([decoded?.amountFlag, decoded?.heldReason]).toEqual([undefined, undefined]);
  });

  it('the payer pays the surcharge amount, the wallet settles payToAmount', () => {
    expect(decode()).toMatchObject({
      payAmount: { currency: 'HKD', value: 8916n },
      payToAmount: { currency: 'HKD', value: 8518n },
      paymentAmount: { currency: 'JPY', value: 995n },
      scenario: 'MERCHANT_PRESENTED',
      notifyUrl: 'https://alipay.example/notify',
      expiresAt: new Date('2025-11-27T04:01:01Z'),
      quoteId: 'q-1',
    });
    expect(decode()?.heldReason).toBeUndefined();
    expect(decode()?.amountFlag).toBeUndefined();
  });

  it('without a surcharge the payer pays payToAmount, even if surchargeInfo came along', () => {
    const decoded = decode({ paymentFactor: { isCashierPayment: true } });
    expect(decoded?.payAmount).toEqual({ currency: 'HKD', value: 8518n });
  });

  it.each([
    [{ isCashierPayment: true, isInStorePayment: true }, 'MERCHANT_PRESENTED'],
    [{ isCashierPayment: true, isInStorePayment: false }, 'CASHIER'],
    [{ isCashierPayment: true }, 'CASHIER'],
    [{ isInStorePayment: true, inStorePaymentScenario: 'OrderCode' }, 'OTHER'],
    [{}, 'OTHER'],
  ])('the flags %j are the scenario %s', (paymentFactor, scenario) => {
    expect(decode({ paymentFactor })?.scenario).toBe(scenario);
  });

  it('no paymentRequestId, no order', () => {
    expect(decode({ paymentRequestId: undefined })).toBeUndefined();
  });

  it('a paymentRequestId that breaks its rule gives no order either', () => {
    const faults = [{ field: 'paymentRequestId', rule: 'must be text of at most 64 characters' }];
    expect(decode({ paymentRequestId: '7'.repeat(65) }, {}, faults)).toBeUndefined();
  });

  it('a text that orders are searched by is cut to the length of its index', () => {
    const order = { ...CASE_1.order, referenceOrderId: '語'.repeat(6_000) };
    expect(decode({ order })?.content.referenceOrderId).toBe('語'.repeat(512));
  });

  it('the address agreed with Alipay+ is used only when the answer names none', () => {
    expect(decode({ paymentNotifyUrl: undefined })?.notifyUrl).toBe(RULES.notifyUrl);
  });

  it('the earliest expiry of the quotes behind the payer’s amount counts', () => {
    const surchargeQuote = {
      ...CASE_1.surchargeInfo.surchargeQuote,
      quoteExpiryTime: '2025-11-27T04:00:30Z',
    };
    const decoded = decode({
      paymentQuote: { ...CASE_1.paymentQuote, quoteExpiryTime: '2025-11-27T12:00:59+08:00' },
      surchargeInfo: { ...CASE_1.surchargeInfo, surchargeQuote },
    });
    expect(decoded?.quoteExpiresAt).toEqual(new Date('2025-11-27T04:00:30Z'));
  });
});

describe('an order is held for', () => {
  const flag = (name: string) => ({ paymentFactor: { isCashierPayment: true, [name]: true } });

  it.each([
    ['needOtpVerification'],
    ['needCheckCompliance'],
    ['isDeferredPayment'],
    ['isPaymentEvaluation'],
    ['isAuthorizationAndPay'],
    ['isAgreementPayment'],
  ])('%s, unless the wallet supports it', (name) => {
    expect(decode(flag(name))?.heldReason).toBe(`UNSUPPORTED_FLAG: ${name}`);
  });

  it('no flag that the wallet supports', () => {
    expect(
      decode(flag('needOtpVerification'), { supportedFlags: ['needOtpVerification'] })?.heldReason,
    ).toBeUndefined();
  });

  it.each([
    [{ actionType: 'HANDLE_BY_SDK', sdkActionPayload: 'p' }, 'HANDLE_BY_SDK'],
    [{ actionType: 'SOMETHING_NEW' }, 'UNSUPPORTED_ACTION'],
    [{}, 'UNSUPPORTED_ACTION'],
    [{ actionType: 'HANDLE_BY_PSP' }, undefined],
    [undefined, undefined],
  ])('the action form %j: %s', (actionForm, reason) => {
    expect(decode({ actionForm })?.heldReason).toBe(reason);
  });

  it('a faulty field that money depends on', () => {
    const faults = [{ field: 'payToAmount.value', rule: 'is missing' }];
    expect(decode({}, {}, faults)?.heldReason).toBe('NOT_PAYABLE: payToAmount.value is missing');
  });

  it('a missing expiry', () => {
    expect(decode({ paymentExpiryTime: undefined })?.heldReason).toContain('paymentExpiryTime');
  });

  it.each([
    ['off', undefined, undefined],
    ['flag', 'RATE_DOES_NOT_FIT', undefined],
    ['reject', 'RATE_DOES_NOT_FIT', 'AMOUNT_CHECK: RATE_DOES_NOT_FIT'],
  ] as const)(
    'amounts that do not fit their rate, with AMOUNT_CHECK=%s',
    (amountCheck, amountFlag, heldReason) => {
      const decoded = decode({ payToAmount: { currency: 'HKD', value: '9518' } }, { amountCheck });
      expect([decoded?.amountFlag, decoded?.heldReason]).toEqual([amountFlag, heldReason]);
    },
  );

  it.each([
    ['https://evil.example/notify', 'host_not_allowed'],
    ['https://alipay.example.evil.example/', 'host_not_allowed'],
    ['http://alipay.example/notify', 'not_https'],
    ['https://user:pw@alipay.example/notify', 'credentials_in_url'],
  ])(
    'a result must not be sent to %s: the order is held, and the agreed address gets the result',
    (url, why) => {
      expect(decode({ paymentNotifyUrl: url })).toMatchObject({
        notifyUrl: RULES.notifyUrl,
        heldReason: `NOT_PAYABLE: paymentNotifyUrl may not be called (${why})`,
      });
    },
  );

  it('an agreed address that must not be called holds every order that names no other', () => {
    const rules = { notifyUrl: 'https://evil.example/notify' };
    expect(decode({}, rules)?.heldReason).toBeUndefined();
    expect(decode({ paymentNotifyUrl: undefined }, rules)?.heldReason).toBe(
      'NOT_PAYABLE: paymentNotifyUrl may not be called (host_not_allowed)',
    );
  });

  it('an address is reported as faulty once', () => {
    const fault = { field: 'paymentNotifyUrl', rule: 'must be an address of https' };
    expect(decode({ paymentNotifyUrl: 'ftp://alipay.example/' }, {}, [fault])?.heldReason).toBe(
      'NOT_PAYABLE: paymentNotifyUrl must be an address of https',
    );
  });
});

describe('the requirements of an order besides its money', () => {
  it('are its flags with the proof of each, and the authorization that the payer is asked for', () => {
    const authorizationInfo = { referenceAgreementId: 'A-1', authClientId: 'C-1', authState: 'state' };
    const paymentFactor = { isCashierPayment: true, needOtpVerification: true, isAuthorizationAndPay: true };
    expect(decode({ paymentFactor, authorizationInfo })?.content.requirements).toEqual({
      flags: ['needOtpVerification', 'isAuthorizationAndPay'],
      proofs: ['otp', 'consent'],
      authorizationInfo,
    });
  });

  it('are mostly empty', () => {
    expect(decode()?.content).not.toHaveProperty('requirements');
    const paymentFactor = { needOtpVerification: false, isDeferredPayment: true };
    expect(decode({ paymentFactor })?.content).not.toHaveProperty('requirements');
  });
});
