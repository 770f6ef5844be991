import fc from 'fast-check';
import { isWithinTolerance, type Rate } from './conversion.js';

const jpy = (value: bigint) => ({ currency: 'JPY', value });
const hkd = (value: bigint) => ({ currency: 'HKD', value });
const usd = (value: bigint) => ({ currency: 'USD', value });
const rate = (quoteCurrencyPair: string, quotePrice: string, quoteUnit?: string): Rate =>
  quoteUnit === undefined ? { quoteCurrencyPair, quotePrice } : { quoteCurrencyPair, quotePrice, quoteUnit };

describe('the published cases, to the unit', () => {
  it('case 1: 1000 JPY less a promotion of 5 JPY, with and without the surcharge', () => {
    expect(isWithinTolerance(jpy(995n), hkd(8518n), rate('JPY/HKD', '8.5614'), 1)).toBe(true);
    expect(isWithinTolerance(jpy(995n), hkd(8916n), rate('JPY/HKD', '8.9614'), 1)).toBe(true);
    expect(isWithinTolerance(jpy(995n), hkd(8916n), rate('JPY/HKD', '8.5614'), 1)).toBe(false);
    expect(isWithinTolerance(jpy(5n), hkd(43n), rate('JPY/HKD', '8.5614'), 0)).toBe(true);
  });

  it('case 2: 10000 USD less a promotion of 500 HKD is 3.86 units off the plain product', () => {
    expect(isWithinTolerance(usd(9946n), hkd(92807n), rate('USD/HKD', '9.3307'), 1)).toBe(true);
    expect(isWithinTolerance(usd(9946n), hkd(92807n), rate('USD/HKD', '9.3307'), 0)).toBe(false);
    expect(isWithinTolerance(usd(9946n), hkd(92815n), rate('USD/HKD', '9.3307'), 1)).toBe(false);
  });
});

describe('a rate', () => {
  it.each([
    ['in the direction of its pair', rate('JPY/HKD', '8')],
    ['in the other direction', rate('HKD/JPY', '0.125')],
    ['for more than one unit of its base', rate('JPY/HKD', '800', '100')],
    ['for more than one unit of its base, in the other direction', rate('HKD/JPY', '12.5', '100')],
  ])('is read %s', (_how, quote) => {
    expect(isWithinTolerance(jpy(1_000n), hkd(8_000n), quote, 0)).toBe(true);
    expect(isWithinTolerance(jpy(1_000n), hkd(8_001n), quote, 0)).toBe(false);
    expect(isWithinTolerance(jpy(1_000n), hkd(7_999n), quote, 0)).toBe(false);
  });

  it.each([
    ['JPY/USD', '1'],
    ['JPYHKD', '1'],
    ['JPY/HKD', '0'],
    ['JPY/HKD', '-1'],
    ['JPY/HKD', '1e3'],
    ['JPY/HKD', ''],
    ['JPY/HKD', '1,5'],
  ])('%s at %j is not valid for JPY to HKD', (pair, price) => {
    for (const payTo of [0n, 1n, 5n, 1_000n])
      expect(isWithinTolerance(jpy(1n), hkd(payTo), rate(pair, price), 0)).toBe(false);
  });

  it('of 15 decimals is exact for an amount of 30 digits', () => {
    const payment = jpy(123_456_789_012_345_678_901_234_567_890n);
    const payTo = 123_456_789_012_345_802_358_023_580_236n;
    const quote = rate('JPY/HKD', '1.000000000000001');
    expect(isWithinTolerance(payment, hkd(payTo), quote, 0)).toBe(true);
    expect(isWithinTolerance(payment, hkd(payTo + 1n), quote, 0)).toBe(false);
  });

  it('allows half a unit of difference, and no more', () => {
    expect(isWithinTolerance(jpy(1n), hkd(1n), rate('JPY/HKD', '0.5'), 0)).toBe(true);
    expect(isWithinTolerance(jpy(1n), hkd(0n), rate('JPY/HKD', '0.5'), 0)).toBe(true);
    expect(isWithinTolerance(jpy(1n), hkd(1n), rate('JPY/HKD', '0.499999999999999'), 0)).toBe(false);
  });
});

/** Billionths of a unit, so that the calculation of Alipay+ can be repeated here in whole numbers. */
const BILLION = 1_000_000_000n;
const anyPrice = fc.bigInt({ min: 1n, max: 500n * BILLION });
const priceText = (price: bigint): string => `${price / BILLION}.${String(price % BILLION).padStart(9, '0')}`;
const rounded = (value: bigint, price: bigint): bigint => (value * price + BILLION / 2n) / BILLION;

describe('whatever the amounts (failures 24)', () => {
  it('amounts calculated as Alipay+ does, with every part rounded by itself, always pass', () => {
    const promotions = fc.array(fc.bigInt({ min: 1n, max: 5_000n }), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 30_000n, max: 10n ** 20n }),
        promotions,
        anyPrice,
        (asked, savings, price) => {
          const payment = jpy(asked - savings.reduce((sum, saving) => sum + saving, 0n));
          const payTo = savings.reduce(
            (left, saving) => left - rounded(saving, price),
            rounded(asked, price),
          );
          const quote = rate('JPY/HKD', priceText(price));
          expect(isWithinTolerance(payment, hkd(payTo), quote, savings.length)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('an amount that differs by more than all roundings together never passes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1_000n, max: 10n ** 20n }), anyPrice, (value, price) => {
        const quote = rate('JPY/HKD', priceText(price));
        expect(isWithinTolerance(jpy(value), hkd(rounded(value, price) + 2n), quote, 0)).toBe(false);
      }),
    );
  });
});

describe('the longest amounts', () => {
  it('are compared to the last digit, in either direction of the pair', () => {
    const payment = 10n ** 999n - 1n;
    for (const quote of [rate('JPY/HKD', '8'), rate('HKD/JPY', '0.125')]) {
      expect(isWithinTolerance(jpy(payment), hkd(payment * 8n), quote, 0)).toBe(true);
      expect(isWithinTolerance(jpy(payment), hkd(payment * 8n + 1n), quote, 0)).toBe(false);
    }
  });
});
