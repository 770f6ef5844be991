import { fullAnswer } from '../spec-support/full-answer.js';
import { publishedAnswer, surchargedAnswer } from '../spec-support/published-answers.js';
import { readUserInitiatedPay, type ReadUserInitiatedPay } from './user-initiated-pay.js';

function read(answer: unknown): ReadUserInitiatedPay {
  const reading = readUserInitiatedPay(Buffer.from(JSON.stringify(answer), 'utf8'));
  if (!reading.readable) throw new Error(reading.reason);
  return reading;
}

const reasons = (answer: unknown) => read(answer).notPayable.map(({ field, rule }) => `${field} ${rule}`);
const fields = (answer: unknown) => read(answer).notPayable.map(({ field }) => field);

describe('an answer that may be paid', () => {
  it.each([
    ['the one on the API page', publishedAnswer()],
    ['one with a surcharge', surchargedAnswer()],
    ['one with every field and 100 goods', fullAnswer()],
    [
      'one whose pair is told the other way round',
      { ...publishedAnswer(), paymentQuote: quote('KRW/JPY', '0.1') },
    ],
    ['one in a single currency, without a quote', inOneCurrency()],
    [
      'one with fields and codes nobody knows yet',
      { ...publishedAnswer(), newField: { deep: [1] }, order: { extra: 'x' } },
    ],
    [
      'one without paymentFactor, order and ids',
      { ...publishedAnswer(), ...without('paymentFactor', 'order', 'acquirerId', 'codeType') },
    ],
    [
      'one with nulls for what is absent',
      { ...publishedAnswer(), surchargeInfo: null, actionForm: null, passThroughInfo: null },
    ],
  ])('is %s', (_, answer) => {
    expect(reasons(answer)).toEqual([]);
  });

  it('keeps its expiry as it was written', () => {
    expect(read(publishedAnswer()).response.paymentExpiryTime).toBe('2025-11-27T12:01:01+08:00');
  });

  it('is payable although display texts are faulty, which are reported separately', () => {
    const answer = fullAnswer(2);
    answer.order.merchant.merchantName = 'x'.repeat(300);
    answer.order.orderAmount = { currency: 'JPY', value: '0' };
    answer.paymentFactor.inStorePaymentScenario = 'TapToPay';
    const reading = read({ ...answer, order: { ...answer.order, buyer: 7, env: 'none' } });
    expect(reading.notPayable).toEqual([]);
    expect(reading.tolerated.map(({ field }) => field).toSorted()).toEqual([
      'order.buyer',
      'order.env',
      'order.merchant.merchantName',
      'order.orderAmount.value',
      'paymentFactor.inStorePaymentScenario',
    ]);
    expect(reading.response.order?.orderAmount).toBeUndefined();
    expect(reading.response.order?.merchant?.merchantName).toHaveLength(300);
  });

  it('keeps the address unchanged, which may be absent', () => {
    const paymentNotifyUrl = 'https://h.example:8443/a%20b/?x=1&y=%2F';
    expect(read({ ...publishedAnswer(), paymentNotifyUrl }).response.paymentNotifyUrl).toBe(paymentNotifyUrl);
    expect(read(publishedAnswer()).response.paymentNotifyUrl).toBeUndefined();
  });
});

describe('an answer that may not be paid', () => {
  const amount = (value: unknown, currency: unknown = 'KRW') => ({ value, currency });

  it.each<[string, object, string]>([
    ['without paymentRequestId', without('paymentRequestId'), 'paymentRequestId is missing'],
    ['with a blank paymentRequestId', { paymentRequestId: ' ' }, 'paymentRequestId is missing'],
    [
      'with a paymentRequestId that is too long',
      { paymentRequestId: 'x'.repeat(65) },
      'paymentRequestId must be text of at most 64 characters',
    ],
    [
      'with a NUL in its paymentRequestId',
      { paymentRequestId: 'a\0' },
      'paymentRequestId must be text of at most 64 characters',
    ],
    ['without paymentAmount', without('paymentAmount'), 'paymentAmount is missing'],
    ['without payToAmount', without('payToAmount'), 'payToAmount is missing'],
    ['with an amount that is no object', { payToAmount: '1000' }, 'payToAmount must be an object'],
    ['without a currency', { payToAmount: { value: '1' } }, 'payToAmount.currency is missing'],
    ['without a value', { payToAmount: { currency: 'KRW' } }, 'payToAmount.value is missing'],
    ['with a value of 0', { payToAmount: amount('0') }, NATURAL('payToAmount.value')],
    ['with a decimal value', { payToAmount: amount('10.5') }, NATURAL('payToAmount.value')],
    ['with a bare value no double can hold', { payToAmount: amount(2 ** 53) }, NATURAL('payToAmount.value')],
    [
      'with a currency nobody issues',
      { payToAmount: amount('1', 'KRX') },
      'payToAmount.currency must be a currency code of ISO 4217',
    ],
    ['without an expiry', without('paymentExpiryTime'), 'paymentExpiryTime is missing'],
    [
      'with a local time as its expiry',
      { paymentExpiryTime: '2025-11-27T12:01:01' },
      'paymentExpiryTime must be a date and time of ISO 8601 with an offset',
    ],
    [
      'with two currencies and no rate',
      without('paymentQuote'),
      'paymentQuote is missing although the currencies differ',
    ],
    [
      'with a rate between others',
      { paymentQuote: quote('JPY/HKD', '8') },
      'paymentQuote.quoteCurrencyPair must name the currencies of the two amounts',
    ],
    [
      'with a rate from another currency',
      { paymentQuote: quote('HKD/KRW', '8') },
      'paymentQuote.quoteCurrencyPair must name the currencies of the two amounts',
    ],
    [
      'with an unreadable pair',
      { paymentQuote: quote('JPYKRW', '8') },
      'paymentQuote.quoteCurrencyPair must be two currency codes of ISO 4217 as in EUR/USD',
    ],
    [
      'with an unreadable price',
      { paymentQuote: quote('JPY/KRW', 'ten') },
      'paymentQuote.quotePrice must be a decimal above zero of at most 32 characters',
    ],
    [
      'with a rate that contradicts itself',
      { paymentQuote: { ...quote('JPY/KRW', '10'), baseCurrency: 'KRW' } },
      'paymentQuote.baseCurrency must be the first currency of quoteCurrencyPair',
    ],
    [
      'with needSurcharge and no surchargeInfo',
      { paymentFactor: { needSurcharge: 'true' } },
      'surchargeInfo is missing although needSurcharge is true',
    ],
    [
      'with surchargeInfo and no needSurcharge',
      { surchargeInfo: surcharge('KRW') },
      'surchargeInfo is there although needSurcharge is not true',
    ],
    [
      'with a surcharge in a third currency',
      { paymentFactor: { needSurcharge: true }, surchargeInfo: surcharge('HKD') },
      'surchargeInfo.surchargeAmount.currency must be the currency of payToAmount',
    ],
    [
      'with a rate of its surcharge between others',
      {
        paymentFactor: { needSurcharge: true },
        surchargeInfo: { ...surcharge('KRW'), surchargeQuote: quote('JPY/HKD', '10') },
      },
      'surchargeInfo.surchargeQuote.quoteCurrencyPair must name the currencies of the two amounts',
    ],
    [
      'with a rate of its surcharge that contradicts itself',
      {
        paymentFactor: { needSurcharge: true },
        surchargeInfo: {
          ...surcharge('KRW'),
          surchargeQuote: { ...quote('JPY/KRW', '10'), baseCurrency: 'KRW' },
        },
      },
      'surchargeInfo.surchargeQuote.baseCurrency must be the first currency of quoteCurrencyPair',
    ],
    [
      'with a flag nobody can read',
      { paymentFactor: { needOtpVerification: 'perhaps' } },
      'paymentFactor.needOtpVerification must be "true" or "false"',
    ],
    [
      'with a raised flag nobody knows',
      { paymentFactor: { needDoubleCheck: 'TRUE ' } },
      'paymentFactor.needDoubleCheck is a flag we do not know, raised to true',
    ],
    ['with flags that are no object', { paymentFactor: 'true' }, 'paymentFactor must be an object'],
    [
      'to be authorised without saying what',
      { paymentFactor: { isAuthorizationAndPay: 'true' } },
      'authorizationInfo is missing although isAuthorizationAndPay is true',
    ],
    ['with another type of code', { codeType: 'ENTRY_CODE' }, 'codeType must be one of ORDER_CODE'],
    [
      'with an action nobody knows',
      { actionForm: { actionType: 'HANDLE_BY_BANK' } },
      'actionForm.actionType must be one of HANDLE_BY_SDK, HANDLE_BY_PSP',
    ],
    [
      'with an action and nothing to act on',
      { actionForm: { actionType: 'HANDLE_BY_SDK' } },
      'actionForm.sdkActionPayload is missing although actionType is HANDLE_BY_SDK',
    ],
    [
      'with a notify address that is none',
      { paymentNotifyUrl: 'notify me' },
      'paymentNotifyUrl must be an absolute URL of at most 2048 characters',
    ],
    [
      'with a notify address of another scheme',
      { paymentNotifyUrl: 'ftp://h/x' },
      'paymentNotifyUrl must be an address of https',
    ],
    [
      'with S and a code of failure',
      { result: { resultStatus: 'S', resultCode: 'EXPIRED_CODE' } },
      'result.resultCode must be SUCCESS',
    ],
    ['with S and no code', { result: { resultStatus: 'S' } }, 'result.resultCode must be SUCCESS'],
    ['with F', { result: { resultStatus: 'F', resultCode: 'SUCCESS' } }, 'result.resultStatus must be S'],
    ['with no status', { result: { resultCode: 'SUCCESS' } }, 'result.resultStatus must be S'],
  ])('is one %s', (_, change, reason) => {
    expect(reasons({ ...publishedAnswer(), ...change })).toEqual([reason]);
  });

  it('describes an unknown flag in a text that a database can store', () => {
    const paymentFactor = { [`need\0${'x'.repeat(100)}`]: 'true' };
    expect(fields({ ...publishedAnswer(), paymentFactor })).toEqual([
      `paymentFactor.need\uFFFD${'x'.repeat(59)}`,
    ]);
  });

  it('accepts only a text or a boolean as an unknown flag', () => {
    const paymentFactor = { hints: { toString: 'x' }, more: ['true'], needFaceScan: true };
    expect(fields({ ...publishedAnswer(), paymentFactor })).toEqual(['paymentFactor.needFaceScan']);
  });

  it('names every reason at once', () => {
    expect(
      fields({
        result: { resultStatus: 'S', resultCode: 'SUCCESS' },
        paymentAmount: amount('x', 'yen'),
      }).toSorted(),
    ).toEqual([
      'payToAmount',
      'paymentAmount.currency',
      'paymentAmount.value',
      'paymentExpiryTime',
      'paymentRequestId',
    ]);
  });

  it('is a page for the SDK, which comes without amounts but can be read', () => {
    const reading = read({
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      codeType: 'ORDER_CODE',
      paymentRequestId: '20200000000000000135',
      actionForm: { actionType: 'HANDLE_BY_SDK', sdkActionPayload: 'opaque' },
    });
    expect(reading.response.actionForm).toEqual({ actionType: 'HANDLE_BY_SDK', sdkActionPayload: 'opaque' });
    expect(reading.notPayable.map(({ field }) => field)).toContain('payToAmount');
  });

  it('may lack the expiry only when it is an evaluation, which moves no money', () => {
    const evaluation = {
      ...publishedAnswer(),
      ...without('paymentExpiryTime'),
      paymentFactor: { isPaymentEvaluation: 'true' },
    };
    expect(reasons(evaluation)).toEqual([]);
    expect(read(evaluation).response.paymentExpiryTime).toBeUndefined();
  });
});

function quote(quoteCurrencyPair: string, quotePrice: string) {
  return { quoteId: 'q', quoteCurrencyPair, quotePrice };
}

function surcharge(currency: string) {
  return { surchargeAmount: { value: '1100', currency }, surchargeQuote: quote(`JPY/${currency}`, '11') };
}

function inOneCurrency() {
  const payToAmount = { value: '100', currency: 'JPY' };
  return { ...publishedAnswer(), payToAmount, ...without('paymentQuote') };
}

function without(...names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function NATURAL(field: string): string {
  return `${field} must be a natural number of at least 1, as a string of digits (1000 at most)`;
}
