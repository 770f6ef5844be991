import * as fc from 'fast-check';
import { figuresOf, type Figures } from './figures.js';
import { parseScript } from './parse-script.js';
import { convert, convertBack, inverseOf, isRate, rateBetween } from './rate.js';

function figures(directives: string): Figures {
  const parsed = parseScript(`twin:S;${directives}`);
  if (!parsed.ok) throw new Error(parsed.fault);
  return figuresOf(parsed.script);
}

function texts(directives: string): Record<string, string | null> {
  const { orderAmount, paymentAmount, payToAmount, savingsAmount, surcharge, paymentQuote } =
    figures(directives);
  const text = (amount: { value: bigint; currency: string } | null | undefined): string | null =>
    amount ? `${amount.value}${amount.currency}` : null;
  return {
    order: text(orderAmount),
    payment: text(paymentAmount),
    payTo: text(payToAmount),
    savings: text(savingsAmount),
    surcharge: text(surcharge?.amount),
    quote: paymentQuote && `${paymentQuote.quoteCurrencyPair} ${paymentQuote.quotePrice}`,
  };
}

describe('the amounts of an order', () => {
  it('follow the published example with a promotion in the order currency and a surcharge', () => {
    expect(texts('pay=1000JPY;rate=8.5614;promo=5JPY;surchargeRate=8.9614')).toEqual({
      order: '1000JPY',
      payment: '995JPY',
      payTo: '8518HKD',
      savings: '43HKD',
      surcharge: '8916HKD',
      quote: 'JPY/HKD 8.5614',
    });
  });

  it('follow the published example with a promotion in the MPP currency', () => {
    expect(texts('pay=10000USD;rate=9.3307;promo=500HKD')).toMatchObject({
      payment: '9946USD',
      payTo: '92807HKD',
      savings: '500HKD',
      surcharge: null,
    });
  });

  it.each([
    ['cashier', '1000JPY', '8561HKD', 'JPY/HKD 8.5614'],
    ['pay=2000JPY', '2000JPY', '17123HKD', 'JPY/HKD 8.5614'],
    ['payTo=5000HKD', '1000JPY', '5000HKD', 'JPY/HKD 5'],
    ['pay=500HKD', '500HKD', '500HKD', null],
    ['payTo=700JPY', '700JPY', '700JPY', null],
    ['payTo=700JPY;promo=10JPY', '700JPY', '700JPY', null],
    ['pay=1000JPY;payTo=1USD', '1000JPY', '1USD', 'JPY/USD 0.001'],
    ['pay=1000JPY;payTo=1HKD;rate=8.5614', '1000JPY', '1HKD', 'JPY/HKD 8.5614'],
    ['rate=4;reversed', '1000JPY', '4000HKD', 'HKD/JPY 0.25'],
    ['pay=0JPY;payTo=5HKD', '0JPY', '5HKD', 'JPY/HKD 1'],
  ])('%s gives %s, %s and the quote %s', (directives, payment, payTo, quote) => {
    expect(texts(directives)).toMatchObject({ payment, payTo, quote });
  });

  it('keep payTo the rounded product of pay and the quote, whichever was named', () => {
    const value = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(value, value, (pay, payTo) => {
        const { paymentQuote } = figures(`pay=${pay}JPY;payTo=${payTo}HKD`);
        const price = paymentQuote?.quotePrice ?? '';
        expect(convert(pay, price)).toBe(payTo);
      }),
    );
  });

  it('stay exact far above what a JS number holds', () => {
    expect(texts('pay=123456789012345678901234567890JPY;rate=2')).toMatchObject({
      payTo: '246913578024691357802469135780HKD',
    });
  });
});

describe('a rate', () => {
  it.each([
    ['8.5614', true],
    ['0.000000000000001', true],
    ['1234567890123456.123456789012345', true],
    ['0', false],
    ['0.0', false],
    ['.5', false],
    ['1e3', false],
    ['12345678901234567', false],
  ])('%s is one: %s', (text, expected) => {
    expect(isRate(text)).toBe(expected);
  });

  it('rounds to the nearest unit, ties up', () => {
    expect([convert(1n, '0.5'), convert(1n, '0.49'), convert(3n, '0.5')]).toEqual([1n, 0n, 2n]);
    expect([convertBack(500n, '9.3307'), convertBack(1n, '2')]).toEqual([54n, 1n]);
  });

  it('between two amounts leads from one to the other', () => {
    const value = fc.bigInt({ min: 1n, max: 10n ** 7n });
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(convert(from, rateBetween(from, to))).toBe(to);
      }),
    );
  });

  it('has an inverse', () => {
    expect(inverseOf('0.125')).toBe('8');
    expect(inverseOf('3')).toBe('0.333333333333333');
  });
});
