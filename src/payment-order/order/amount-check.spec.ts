import { amountMismatch } from './amount-check.js';

const jpy = (value: bigint) => ({ currency: 'JPY', value });
const hkd = (value: bigint) => ({ currency: 'HKD', value });
const rate = { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' };
const surchargeRate = { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.9614' };
const promotions = [{ currency: 'HKD' }];
const case1 = {
  paymentAmount: jpy(995n),
  payToAmount: hkd(8518n),
  payAmount: hkd(8916n),
  rate,
  surchargeRate,
  promotions,
};

const case2 = {
  paymentAmount: { currency: 'USD', value: 9946n },
  payToAmount: hkd(92807n),
  payAmount: hkd(92807n),
  rate: { quoteCurrencyPair: 'USD/HKD', quotePrice: '9.3307' },
  promotions: [{ currency: 'HKD' }],
};

const krw = (value: bigint) => ({ currency: 'KRW', value });
const krwRate = (quotePrice: string) => ({ quoteCurrencyPair: 'KRW/KRW', quotePrice });
const withinKrw = (other: object) => ({
  paymentAmount: krw(1_000n),
  payToAmount: krw(1_000n),
  payAmount: krw(1_030n),
  rate: krwRate('1'),
  promotions: [],
  ...other,
});

describe('amountMismatch (failures 24)', () => {
  it.each([
    ['the published case 1', case1, undefined],
    ['the published case 2', case2, undefined],
    [
      'case 2 with its promotion taken off twice',
      { ...case2, payToAmount: hkd(92307n) },
      'RATE_DOES_NOT_FIT',
    ],
    ['no rate between two currencies', { ...case1, rate: undefined }, 'QUOTE_MISSING'],
    [
      'a rate for another pair',
      { ...case1, rate: { ...rate, quoteCurrencyPair: 'USD/HKD' } },
      'RATE_DOES_NOT_FIT',
    ],
    [
      'a price ten times too high',
      { ...case1, rate: { ...rate, quotePrice: '85.614' } },
      'RATE_DOES_NOT_FIT',
    ],
    ['a surcharge off its rate', { ...case1, payAmount: hkd(9916n) }, 'SURCHARGE_RATE_DOES_NOT_FIT'],
    ['a surcharge in another currency', { ...case1, payAmount: jpy(8916n) }, 'SURCHARGE_CURRENCY'],
    [
      'a promotion in another currency',
      { ...case1, promotions: [{ currency: 'JPY' }] },
      'PROMOTION_CURRENCY',
    ],
    [
      'one currency, equal amounts',
      { paymentAmount: hkd(5n), payToAmount: hkd(5n), promotions: [] },
      undefined,
    ],
    [
      'one currency, other amounts',
      { paymentAmount: hkd(5n), payToAmount: hkd(6n), promotions: [] },
      'AMOUNTS_DIFFER',
    ],
    [
      'one currency and a quote',
      { paymentAmount: hkd(5n), payToAmount: hkd(5n), rate, promotions: [] },
      'QUOTE_WITHOUT_NEED',
    ],
    ['one currency at a rate of 1', withinKrw({}), undefined],
    ['one currency at a rate that does not fit', withinKrw({ rate: krwRate('2') }), 'RATE_DOES_NOT_FIT'],
    ['a surcharge within one currency', withinKrw({ surchargeRate: krwRate('1.03') }), undefined],
    [
      'a surcharge within one currency off its rate',
      withinKrw({ surchargeRate: krwRate('1.2') }),
      'SURCHARGE_RATE_DOES_NOT_FIT',
    ],
    [
      'a surcharge off its rate, without a quote for the order',
      withinKrw({ rate: undefined, surchargeRate: krwRate('1.2') }),
      'SURCHARGE_RATE_DOES_NOT_FIT',
    ],
    ['nothing to check', { promotions: [] }, undefined],
  ])('%s', (_name, amounts, mismatch) => {
    expect(amountMismatch(amounts as Parameters<typeof amountMismatch>[0])).toBe(mismatch);
  });
});
