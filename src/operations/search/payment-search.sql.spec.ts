import { merchantNames, paymentPage, paymentRows, paymentsGuessed } from './payment-search.sql.js';
import type { PaymentFilters } from './query/payments.query.js';

const PAYLOADS = [
  `'; drop table payment_order; --`,
  `" or 1=1`,
  '$1',
  '%',
  '\\',
  '<script>alert(1)</script>',
];
const ID = '018f3a5b-0000-7000-8000-000000000001';
const CURSOR = {
  direction: 'next',
  position: { key: '2026-03-01T12:00:00.123456Z', id: ID },
} as const;

const FULL: PaymentFilters = {
  paymentId: ID,
  paymentRequestId: 'request-1',
  referenceOrderId: 'order-1',
  customerId: 'customer-1',
  acquirerId: 'acquirer-1',
  merchant: 'Shop',
  status: 'PAID',
  notificationStatus: 'PARKED',
  currency: 'HKD',
  amountMin: '1',
  amountMax: '9',
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
};

/** Every placeholder in the text has a value, and every value a placeholder. */
function expectPlacesAndValuesToMatch({ text, values }: { text: string; values: readonly unknown[] }): void {
  const places = new Set([...text.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place)));
  expect([...places].toSorted((a, b) => a - b)).toEqual(values.map((_value, at) => at + 1));
}

describe('the statement of a payment search', () => {
  it('has no condition when no filter is given', () => {
    const { text, values } = paymentPage({ filters: {}, sort: '-createdAt' }, 51);
    expect(values).toEqual([]);
    expect(text).not.toContain('where o');
    expect(text).toContain('order by o.created_at desc, o.payment_id desc limit 51');
  });

  it.each(Object.keys(FULL) as (keyof PaymentFilters)[])(
    'names the filter %s only when it is given',
    (name) => {
      const one = paymentPage({ filters: { [name]: FULL[name] }, sort: '-createdAt' }, 51);
      expectPlacesAndValuesToMatch(one);
      expect(one.values.length).toBeGreaterThanOrEqual(1);
      const others = paymentPage({ filters: { ...FULL, [name]: undefined }, sort: '-createdAt' }, 51, CURSOR);
      expectPlacesAndValuesToMatch(others);
      expect(others.text).not.toBe(paymentPage({ filters: FULL, sort: '-createdAt' }, 51, CURSOR).text);
    },
  );

  it.each(['-createdAt', 'createdAt', '-amount', 'amount'] as const)(
    'fits all filters together, by %s',
    (sort) => {
      const questions = [
        { filters: FULL, sort },
        { filters: FULL, sort, merchantNames: ['shop', 'shop 2'] },
        {
          filters: FULL,
          sort,
          found: { recognisedAs: [], paymentIds: [ID], scanIds: [], customerId: 'c', referenceOrderId: 'r' },
        },
      ];
      for (const question of questions) {
        for (const direction of ['next', 'prev'] as const) {
          expectPlacesAndValuesToMatch(paymentPage(question, 51, { ...CURSOR, direction }));
        }
        expectPlacesAndValuesToMatch(paymentRows(question, 10));
        expectPlacesAndValuesToMatch(paymentsGuessed(question));
      }
    },
  );

  it('reverses the comparison and the order when it reads backwards', () => {
    const search = { filters: {}, sort: '-createdAt' } as const;
    const next = paymentPage(search, 51, CURSOR).text;
    expect(next).toContain('(o.created_at, o.payment_id) < ($1::timestamptz, $2::uuid)');
    const prev = paymentPage(search, 51, { ...CURSOR, direction: 'prev' }).text;
    expect(prev).toContain('(o.created_at, o.payment_id) > ($1::timestamptz, $2::uuid)');
    expect(prev).toContain('order by o.created_at asc, o.payment_id asc limit 51');
  });

  it.each(PAYLOADS)('never puts %j into its text, whatever the field', (payload) => {
    const texts = ['paymentRequestId', 'referenceOrderId', 'customerId', 'acquirerId', 'merchant'] as const;
    for (const name of texts) {
      const bare = paymentPage({ filters: { [name]: 'x' }, sort: '-createdAt' }, 51);
      const { text, values } = paymentPage({ filters: { [name]: payload }, sort: '-createdAt' }, 51);
      expect(text).toBe(bare.text);
      expect(values).toContain(payload);
    }
    const names = merchantNames(payload);
    expect(names.text).toBe(merchantNames('x').text);
  });

  it('finds nothing for an unknown identifier', () => {
    const found = { recognisedAs: [], paymentIds: [], scanIds: [] };
    expect(paymentPage({ filters: {}, sort: '-createdAt', found }, 51).text).toContain('where false');
  });

  it('escapes the pattern characters in a merchant name', () => {
    expect(merchantNames('50%_\\').values).toEqual(['50\\%\\_\\\\%']);
  });

  it('compares the part of a longer name that the index does not hold', () => {
    const longer = paymentPage({ filters: { merchant: '😀'.repeat(65) }, sort: '-createdAt' }, 51);
    expect(longer.text).toContain('starts_with');
    expectPlacesAndValuesToMatch(longer);
    const short = paymentPage({ filters: { merchant: '😀'.repeat(64) }, sort: '-createdAt' }, 51);
    expect(short.text).not.toContain('starts_with');
  });
});
