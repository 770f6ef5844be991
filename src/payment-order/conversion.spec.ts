import fc from 'fast-check';
import { convert, convertLess, factorOf, isWithinTolerance, type Rate } from './conversion.js';

const jpy = (value: bigint) => ({ currency: 'JPY', value });
const hkd = (value: bigint) => ({ currency: 'HKD', value });
const usd = (value: bigint) => ({ currency: 'USD', value });
const rate = (quoteCurrencyPair: string, quotePrice: string, quoteUnit?: string): Rate =>
  quoteUnit === undefined ? { quoteCurrencyPair, quotePrice } : { quoteCurrencyPair, quotePrice, quoteUnit };

describe('the published cases, to the unit', () => {
  it('case 1: 1000 JPY less a promotion of 5 JPY, with a surcharge', () => {
    const quote = rate('JPY/HKD', '8.5614');
    expect(convert(jpy(5n), quote, 'HKD')).toEqual(hkd(43n));
    expect(convertLess(jpy(1000n), [jpy(5n)], quote, 'HKD')).toEqual(hkd(8518n));
    expect(convertLess(jpy(1000n), [jpy(5n)], rate('JPY/HKD', '8.9614'), 'HKD')).toEqual(hkd(8916n));
  });

  it('case 2: 10000 USD less a promotion of 500 HKD', () => {
    const quote = rate('USD/HKD', '9.3307');
    expect(convertLess(usd(10000n), [hkd(500n)], quote, 'HKD')).toEqual(hkd(92807n));
    expect(convertLess(usd(10000n), [hkd(500n)], quote, 'USD')).toEqual(usd(9946n));
  });

  it('case 2 is 3.86 units off the plain product and still within the tolerance', () => {
    expect(isWithinTolerance(usd(9946n), hkd(92807n), rate('USD/HKD', '9.3307'), 1)).toBe(true);
    expect(isWithinTolerance(usd(9946n), hkd(92807n), rate('USD/HKD', '9.3307'), 0)).toBe(false);
    expect(isWithinTolerance(usd(9946n), hkd(92815n), rate('USD/HKD', '9.3307'), 1)).toBe(false);
  });
});

describe('a rate', () => {
  it('is read in either direction of its pair', () => {
    expect(factorOf(rate('JPY/HKD', '8'), 'JPY', 'HKD')?.toString()).toBe('8');
    expect(factorOf(rate('HKD/JPY', '0.125'), 'JPY', 'HKD')?.toString()).toBe('8');
  });

  it('may be for more than one unit of its base', () => {
    expect(factorOf(rate('JPY/HKD', '856.14', '100'), 'JPY', 'HKD')?.toString()).toBe('8.5614');
    expect(factorOf(rate('HKD/JPY', '12.5', '100'), 'JPY', 'HKD')?.toString()).toBe('8');
  });

  it.each([
    ['JPY/USD', '1'],
    ['JPYHKD', '1'],
    ['JPY/HKD', '0'],
    ['JPY/HKD', '-1'],
    ['JPY/HKD', '1e3'],
    ['JPY/HKD', ''],
    ['JPY/HKD', '1,5'],
  ])('%s at %j is none for JPY to HKD', (pair, price) => {
    expect(factorOf(rate(pair, price), 'JPY', 'HKD')).toBeUndefined();
  });

  it('of 15 decimals converts an amount of 30 digits exactly', () => {
    const amount = 123_456_789_012_345_678_901_234_567_890n;
    expect(convert(jpy(amount), rate('JPY/HKD', '1.000000000000001'), 'HKD')).toEqual(
      hkd(123_456_789_012_345_802_358_023_580_236n),
    );
  });

  it('rounds to the nearest unit, a half up', () => {
    expect(convert(jpy(1n), rate('JPY/HKD', '0.5'), 'HKD')).toEqual(hkd(1n));
    expect(convert(jpy(1n), rate('JPY/HKD', '0.499999999999999'), 'HKD')).toEqual(hkd(0n));
  });
});

const anyRate = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 999_999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(9, '0')}`);

describe('whatever the amounts (failures 24)', () => {
  it('converting there by a pair or by the same pair reversed is the same rate', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), anyRate, (value, price) => {
        const there = convert(jpy(value), rate('JPY/HKD', price), 'HKD');
        const reversed = convert(hkd(value), rate('JPY/HKD', price), 'JPY');
        const alsoReversed = convert(
          hkd(value),
          { quoteCurrencyPair: 'JPY/HKD', quotePrice: price, quoteUnit: '1' },
          'JPY',
        );
        expect(there?.currency).toBe('HKD');
        expect(reversed).toEqual(alsoReversed);
      }),
    );
  });

  it('amounts made by the rounding rule always pass the tolerance', () => {
    const promotions = fc.array(fc.bigInt({ min: 1n, max: 5_000n }), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 30_000n, max: 10n ** 20n }),
        promotions,
        anyRate,
        (asked, savings, price) => {
          const quote = rate('JPY/HKD', price);
          const promos = savings.map(jpy);
          const payment = jpy(asked - savings.reduce((sum, saving) => sum + saving, 0n));
          const payTo = convertLess(jpy(asked), promos, quote, 'HKD');
          expect(payTo && isWithinTolerance(payment, payTo, quote, promos.length)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('an amount that is off by more than every rounding together never passes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1_000n, max: 10n ** 20n }), anyRate, (value, price) => {
        const quote = rate('JPY/HKD', price);
        const payTo = convert(jpy(value), quote, 'HKD');
        if (!payTo) throw new Error('unreachable');
        expect(isWithinTolerance(jpy(value), hkd(payTo.value + 2n), quote, 0)).toBe(false);
      }),
    );
  });
});
