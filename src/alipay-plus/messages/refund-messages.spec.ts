import {
  readInquiryRefund,
  readRefund,
  writeInquiryRefundAnswer,
  writeRefundAnswer,
} from './refund-messages.js';

const REFUND = {
  acquirerId: '1020000000000000001',
  pspId: '1020000000000000001',
  paymentRequestId: '20200000000000000133',
  paymentId: 'MPP-PAY-0001',
  refundRequestId: 'R20200000000000000001',
  refundAmount: { value: '50', currency: 'JPY' },
  refundFromAmount: { value: '500', currency: 'KRW' },
  refundQuote: { quoteId: '1234567', quoteCurrencyPair: 'JPY/KRW', quotePrice: '10.0000' },
  refundPromoInfo: null,
  surchargeInfo: null,
  extendInfo: null,
};
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8');
const contentOf = (change: object): string => {
  const reading = readRefund(bytes({ ...REFUND, ...change }));
  if (!reading.readable) throw new Error('unreadable');
  return reading.content;
};

describe('reading a refund', () => {
  it('reads the published fields', () => {
    expect(readRefund(bytes(REFUND))).toMatchObject({
      readable: true,
      request: {
        refundAmount: { value: '50' },
        refundFromAmount: { currency: 'KRW' },
        refundQuote: { quoteId: '1234567' },
      },
    });
  });

  it.each([
    ['no order', { paymentRequestId: undefined }, 'paymentRequestId'],
    ['no id of its own', { refundRequestId: '' }, 'refundRequestId'],
    ['no amount', { refundAmount: null }, 'refundAmount'],
    ['an amount of nothing', { refundAmount: { value: '0', currency: 'JPY' } }, 'refundAmount.value'],
    ['a broken amount', { refundFromAmount: { value: '1.5', currency: 'KRW' } }, 'refundFromAmount.value'],
    [
      'a broken surcharge',
      { surchargeInfo: { surchargeAmount: { value: '-1', currency: 'KRW' } } },
      'surchargeInfo.surchargeAmount.value',
    ],
  ])('refuses one with %s and names the field', (_what, change, field) => {
    const reading = readRefund(bytes({ ...REFUND, ...change }));
    expect(reading).toMatchObject({ readable: false, faults: [{ field }] });
  });

  it.each([
    ['a display id that is too long', { acquirerId: 'x'.repeat(65) }],
    ['a quote that cannot be read', { refundQuote: { quoteId: '1' } }],
    ['a field nobody knows', { news: { of: 'tomorrow' } }],
  ])('accepts %s', (_what, change) => {
    expect(readRefund(bytes({ ...REFUND, ...change }))).toMatchObject({ readable: true });
  });

  it('refuses a body that is not a JSON object', () => {
    expect(readRefund(Buffer.from('[]'))).toMatchObject({ readable: false });
    expect(readInquiryRefund(bytes({}))).toMatchObject({ readable: false });
  });
});

describe('the text by which repetitions are compared', () => {
  it.each([
    ['the order of keys', { refundAmount: { currency: 'JPY', value: '50' } }],
    ['absent instead of null', { refundPromoInfo: undefined, surchargeInfo: '' }],
    ['a quote', { refundQuote: null }],
    ['display ids', { acquirerId: 'another' }],
  ])('does not change with %s', (_what, change) => expect(contentOf(change)).toBe(contentOf({})));

  it.each([
    ['the amount', { refundAmount: { currency: 'JPY', value: '51' } }],
    ['the currency', { refundAmount: { currency: 'HKD', value: '50' } }],
    ['the amount in our currency', { refundFromAmount: { currency: 'KRW', value: '501' } }],
    ['the promotions, also by a field nobody knows', { refundPromoInfo: { parts: [{ new: '1' }] } }],
    ['the surcharge', { surchargeInfo: { surchargeAmount: { currency: 'KRW', value: '501' } } }],
  ])('changes with %s', (_what, change) => expect(contentOf(change)).not.toBe(contentOf({})));

  it('can be stored, whatever came', () => {
    const content = contentOf({ refundPromoInfo: { promoName: 'a\0b\ud800' } });
    expect(content.isWellFormed() && !content.includes('\0')).toBe(true);
  });
});

describe('the answer to a refund', () => {
  const result = { resultStatus: 'S', resultCode: 'SUCCESS' } as const;

  it('has the refund with its time, and the amounts as they were requested', () => {
    const made = { result, refundId: 'r-1', refundTime: '2026-03-01T12:00:00+00:00' };
    expect(JSON.parse(String(writeRefundAnswer(made)))).toEqual(made);
    const standing = { ...made, refundResult: result, refundAmount: { currency: 'JPY', value: 50n } };
    expect(JSON.parse(String(writeInquiryRefundAnswer(standing)))).toEqual({
      ...standing,
      refundAmount: { currency: 'JPY', value: '50' },
    });
  });
});
