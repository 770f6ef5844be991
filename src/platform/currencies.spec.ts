import { CURRENCY_DIGITS } from './currencies.js';

/** Listed by Node but not by ISO 4217 of today: withdrawn currencies, and units that nobody pays with. */
const ONLY_IN_NODE = new Set(['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'XDR', 'XSU', 'ZWL', 'XAD']);
/** Not listed by Node: the digital bolívar, and a unit of account for wages and pensions. */
const ONLY_IN_OURS = new Set(['UYW', 'VED']);

describe('the list of currencies', () => {
  const ofNode = Intl.supportedValuesOf('currency');
  const ours = [...CURRENCY_DIGITS.keys()];

  it('has every currency that Node has, except those named here', () => {
    const missing = ofNode.filter((code) => !CURRENCY_DIGITS.has(code) && !ONLY_IN_NODE.has(code));
    expect(missing).toEqual([]);
  });

  it('has none that Node does not know, except those named here', () => {
    const known = new Set([...ofNode, ...ONLY_IN_OURS]);
    // An older Node has an older list of currencies.
    known.add('XCG');
    expect(ours.filter((code) => !known.has(code))).toEqual([]);
  });

  it('names each once, in three capital letters', () => {
    expect(new Set(ours).size).toBe(ours.length);
    expect(ours.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
  });

  it.each([
    ['XCG', 2],
    ['ZWG', 2],
    ['SLE', 2],
    ['KRW', 0],
    ['BHD', 3],
    ['UYW', 4],
    // Node rounds these to whole units when it shows them; ISO 4217 does not.
    ['IDR', 2],
    ['IQD', 3],
  ])('gives %s %i digits', (code, digits) => {
    expect(CURRENCY_DIGITS.get(code)).toBe(digits);
  });

  it.each(
    'ANG BGN CUC HRK XXX XTS XAU XAG XPT XPD XBA XDR XSU XUA XAD BOV CHE CHW CLF COU MXV USN UYI'.split(' '),
  )('does not have %s', (code) => {
    expect(CURRENCY_DIGITS.has(code)).toBe(false);
  });
});
