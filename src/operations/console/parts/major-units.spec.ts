import { inMinorUnits, withMajorUnits } from './major-units.js';

describe('amounts in major units', () => {
  it.each([
    ['HKD', '85.61', '8561'],
    ['HKD', '85.6', '8560'],
    ['HKD', '85', '8500'],
    ['HKD', '1,234.50', '123450'],
    ['HKD', '1 234 567', '123456700'],
    ['HKD', '0.01', '1'],
    ['JPY', '1000', '1000'],
    ['BHD', '1.234', '1234'],
    ['HKD', '999999999999999999999999.99', '99999999999999999999999999'],
  ])('in %s, %s is %s minor units, and is shown in major units again', (currency, text, minor) => {
    expect(inMinorUnits({ currency, 'from-amount': text, status: 'PAID' })).toEqual({
      asked: { currency, amountMin: minor, status: 'PAID' },
      faults: [],
    });
    const shown = withMajorUnits({ currency, amountMin: minor })['from-amount'];
    expect(inMinorUnits({ currency, 'from-amount': shown ?? '' }).asked['amountMin']).toBe(minor);
  });

  it.each([
    ['HKD', '85.611'],
    ['JPY', '10.5'],
    ['HKD', '-1'],
    ['HKD', '1e3'],
    ['HKD', '.5'],
    ['HKD', '85,61'],
    ['HKD', '1,00'],
    ['HKD', '8,5,6,1'],
    ['HKD', '85 61'],
    ['HKD', '1,234 567'],
    ['HKD', 'ten'],
  ])('in %s, %s is refused, not rounded', (currency, text) => {
    const { asked, faults } = inMinorUnits({ currency, 'to-amount': text });
    expect(asked).toEqual({ currency });
    expect(faults).toEqual([
      { field: 'to-amount', rule: expect.stringContaining(`an amount in ${currency}`) },
    ]);
  });

  it.each([{}, { currency: 'XXX' }, { currency: 'hkd' }])(
    'need a currency: %j',
    (given: Record<string, string>) => {
      const { faults } = inMinorUnits({ ...given, 'from-amount': '1' });
      expect(faults).toEqual([{ field: 'currency', rule: expect.stringContaining('required') }]);
    },
  );

  it('leave the filters that the API knows unchanged', () => {
    expect(inMinorUnits({ currency: 'HKD', amountMin: '5' })).toEqual({
      asked: { currency: 'HKD', amountMin: '5' },
      faults: [],
    });
    expect(withMajorUnits({ amountMin: '5' })).toEqual({ amountMin: '5' });
  });
});
