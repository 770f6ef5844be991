import fc from 'fast-check';
import { decimalsOf, displayMoney, isCurrency, keptMoney, readMoney, toAmount } from './money.js';

describe('money (failures 24)', () => {
  it.each([
    ['1000', 'JPY', '¥1,000'],
    ['8518', 'HKD', 'HK$85.18'],
    ['1', 'BHD', 'BHD\u00a00.001'],
    ['12345', 'UYW', 'UYW\u00a01.2345'],
    ['123456789012345678901234567890', 'USD', '$1,234,567,890,123,456,789,012,345,678.90'],
  ])('shows %s %s as %s', (value, currency, shown) => {
    expect(displayMoney({ value: BigInt(value), currency })).toBe(shown);
  });

  it('still shows an amount whose currency has ended since', () => {
    expect(displayMoney(keptMoney({ currency: 'ANG', value: '1234' })!)).toBe('ANG\u00a012.34');
  });

  it.each(['0', '-1', '01', '1.0', '1e3', ' 1', '', '１', '+1', '0x1'])('refuses the value %j', (value) => {
    expect(readMoney({ value, currency: 'JPY' })).toBeUndefined();
  });

  it.each(['jpy', 'XYZ', '', 'JP', 'JPYX'])('refuses the currency %j', (currency) => {
    expect(isCurrency(currency)).toBe(false);
    expect(readMoney({ value: '1', currency })).toBeUndefined();
  });

  it('is exact at any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 40n }), (value) => {
        expect(toAmount(readMoney({ value: String(value), currency: 'HKD' })!)).toEqual({
          value: String(value),
          currency: 'HKD',
        });
      }),
    );
  });

  it('shows every digit: the displayed text without separators is the value', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        fc.constantFrom('JPY', 'HKD', 'BHD', 'UYW'),
        (value, currency) => {
          const digits = displayMoney({ value, currency }).replace(/\D/g, '');
          expect(BigInt(digits)).toBe(value);
        },
      ),
    );
  });

  it('knows the decimals of ISO 4217', () => {
    expect(['JPY', 'HKD', 'BHD', 'UYW'].map(decimalsOf)).toEqual([0, 2, 3, 4]);
    expect(() => decimalsOf('no currency')).toThrow(RangeError);
  });
});
