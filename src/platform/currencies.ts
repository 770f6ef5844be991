/**
 * The currencies of ISO 4217, list one, by the digits of their minor unit.
 *
 * Source: the list of the maintenance agency, https://www.six-group.com/en/products-services/financial-information/data-standards.html,
 * up to amendment 180, in force since 2026-01-01 (XCG in; ANG, CUC and BGN out).
 * Left out is what nobody pays with: XXX, XTS, precious metals, bond market units, units of account and funds codes.
 *
 * To add a currency: put its code into the row of its digits and move the date above. `currencies.spec.ts` holds the
 * list against the one of Node.
 */
const BY_DIGITS: Readonly<Record<number, string>> = {
  0: `
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF`,
  2: `
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
    USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: `
    BHD IQD JOD KWD LYD OMR TND`,
  4: `
    UYW`,
};

/**
 * The most digits of an amount in minor units. The network names no limit, but arithmetic with a hundred thousand
 * digits delays every other request, and no real amount has more than a thousand.
 */
export const MAX_AMOUNT_DIGITS = 1_000;

/** Three capital letters and the digits of the minor unit. */
export const CURRENCY_DIGITS: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_DIGITS).flatMap(([digits, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => [code, Number(digits)] as const),
  ),
);
