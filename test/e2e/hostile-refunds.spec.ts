import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { failuresIn } from '../support/answering/failures-in.js';
import { signedCall, type SignedReply } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const REFUND = '/aps/api/v1/payments/refund';
const INQUIRY_REFUND = '/aps/api/v1/payments/inquiryRefund';
const CANCEL = '/aps/api/v1/payments/cancelPayment';
const ILLEGAL = 'PARAM_ILLEGAL';

type Change = (text: string) => string;

describe('a refund in any form', () => {
  let test: TestService;
  let payment: Json;
  beforeAll(async () => {
    test = await startTestService();
    payment = await test.app.decodedPayment(`twin:S;pay=1000JPY;rate=8.5614#${randomUUID()}`);
    await test.app.confirm(payment);
  });
  afterAll(() => test.stop());

  /** `change` works on the text, so that it can write what no JSON library would. */
  const bodyOf = (fields: object, change: (text: string) => string): Buffer =>
    Buffer.from(
      change(
        JSON.stringify({
          acquirerId: '1020',
          pspId: '1022',
          paymentRequestId: payment.paymentRequestId,
          paymentId: payment.paymentId,
          refundRequestId: `refund-${randomUUID()}`,
          refundAmount: { currency: 'JPY', value: '1' },
          refundFromAmount: { currency: 'HKD', value: '9' },
          ...fields,
        }),
      ),
    );
  const same = (text: string): string => text;
  const refund = (fields: object, change = same): Promise<SignedReply> =>
    signedCall(test, { target: REFUND, body: bodyOf(fields, change) });

  const MADE: readonly (readonly [string, object, Change?])[] = [
    ['bare numbers for amounts', { refundAmount: { currency: 'JPY', value: 1 } }],
    [
      'a bare number that loses nothing',
      { refundAmount: { currency: 'JPY', value: '@' } },
      (text) => text.replace('"@"', '1.0'),
    ],
    ['no acquirerId, pspId and paymentId', { acquirerId: null, pspId: undefined, paymentId: '' }],
    ['an id as a bare number', { refundRequestId: 20_251_128 }],
    ['an id of 64 characters', { refundRequestId: 'é'.repeat(32) + '😀'.repeat(16) + 'x'.repeat(16) }],
    [
      'null for whatever is optional',
      { refundQuote: null, refundPromoInfo: null, surchargeInfo: null, extendInfo: null },
    ],
    [
      'a quote that cannot be read',
      { refundQuote: { quoteId: 5, quoteCurrencyPair: 'JPYHKD', quotePrice: 'x' } },
    ],
    ['a quote that is a list', { refundQuote: ['8.5614'] }],
    [
      'a quote with characters that no database stores',
      { refundQuote: { quoteId: 'q\0', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' } },
    ],
    [
      'promotions and further information with such characters',
      { refundPromoInfo: { name: '\ud83d' }, extendInfo: '\0' },
    ],
    ['a surcharge that is empty', { surchargeInfo: {} }],
    [
      'fields nobody knows, one of them of JavaScript',
      { refundNetworkFee: { a: [1] } },
      (text) => text.replace('{', '{"__proto__":{"refundAmount":1},"constructor":1,'),
    ],
    ['a byte order mark', {}, (text) => `\uFEFF${text}`],
    ['line breaks and blanks', {}, (text) => JSON.stringify(JSON.parse(text), undefined, '\t')],
  ];

  it.each(MADE.map(([what, ...call]) => ({ what, call })))('is made with $what', async ({ call }) => {
    const [fields, change] = call;
    expect(await refund(fields, change)).toEqual({
      status: 200,
      resultCode: 'SUCCESS',
      allow: undefined,
      isSigned: true,
    });
  });

  const REFUSED: readonly (readonly [string, object, string, Change?])[] = [
    ['an id with NUL', { refundRequestId: 'r\0' }, ILLEGAL],
    ['an id with half an emoji', { refundRequestId: 'r\ud83d' }, ILLEGAL],
    ['an id of 65 characters', { refundRequestId: 'r'.repeat(65) }, ILLEGAL],
    ['a blank id', { refundRequestId: '  ' }, ILLEGAL],
    ['an id that is a list', { refundRequestId: ['r'] }, ILLEGAL],
    ['an order with NUL', { paymentRequestId: 'p\0' }, ILLEGAL],
    ['no amount', { refundAmount: null }, ILLEGAL],
    ['an amount of nothing', { refundAmount: { currency: 'JPY', value: '0' } }, ILLEGAL],
    ['an amount below nothing', { refundAmount: { currency: 'JPY', value: '-1' } }, ILLEGAL],
    ['an amount with decimals', { refundAmount: { currency: 'JPY', value: '1.0' } }, ILLEGAL],
    [
      'a number that loses digits',
      { refundAmount: { currency: 'JPY', value: '@' } },
      ILLEGAL,
      (text) => text.replace('"@"', '1.00000000000000000001'),
    ],
    ['an amount of 1,001 digits', { refundAmount: { currency: 'JPY', value: '9'.repeat(1_001) } }, ILLEGAL],
    [
      'an amount of 41 digits',
      { refundAmount: { currency: 'JPY', value: '9'.repeat(41) } },
      'REFUND_AMOUNT_EXCEED',
    ],
    [
      'an amount of 1,000 digits',
      { refundFromAmount: { currency: 'HKD', value: '9'.repeat(1_000) } },
      'REFUND_AMOUNT_EXCEED',
    ],
    ['a currency that is no more', { refundAmount: { currency: 'ANG', value: '1' } }, ILLEGAL],
    ['another currency', { refundAmount: { currency: 'KRW', value: '1' } }, ILLEGAL],
    [
      'the currencies the other way round',
      { refundAmount: { currency: 'HKD', value: '9' }, refundFromAmount: { currency: 'JPY', value: '1' } },
      ILLEGAL,
    ],
    ['no amount in our currency', { refundFromAmount: null }, ILLEGAL],
    ['an amount in ours that cannot be read', { refundFromAmount: 'HKD 9' }, ILLEGAL],
    ['the id of another payment', { paymentId: randomUUID() }, 'ORDER_NOT_EXIST'],
    ['an id of a payment that is none', { paymentId: 'p\0' }, 'ORDER_NOT_EXIST'],
    ['a field twice', {}, ILLEGAL, (text) => text.replace('{', '{"refundRequestId":"r",')],
    ['more than one message', {}, ILLEGAL, (text) => text + text],
  ];

  it.each(REFUSED.map(([what, ...call]) => ({ what, call })))('is refused with $what', async ({ call }) => {
    const [fields, resultCode, change] = call;
    expect(await refund(fields, change)).toEqual({
      status: 200,
      resultCode,
      allow: undefined,
      isSigned: true,
    });
  });

  it.each([
    ['inquiryRefund', INQUIRY_REFUND, { refundRequestId: 'r\0' }],
    ['inquiryRefund', INQUIRY_REFUND, { refundRequestId: { a: 1 } }],
    ['inquiryRefund', INQUIRY_REFUND, {}],
    ['cancelPayment', CANCEL, { paymentRequestId: '\ud83d' }],
    ['cancelPayment', CANCEL, { paymentRequestId: 'c\0' }],
  ])('%s with the id of nothing is refused', async (_api, target, fields) => {
    const body = Buffer.from(JSON.stringify({ acquirerId: '1', pspId: '2', ...fields }));
    expect(await signedCall(test, { target, body })).toMatchObject({ resultCode: ILLEGAL, isSigned: true });
  });

  it('every call is recorded, byte for byte, nothing failed, and all refunds are within the payment', async () => {
    const { url } = test.database;
    const [kept] = await ask<{ refunds: number; others: number }>(
      url,
      `select count(*) filter (where api = 'refund')::int as refunds,
         count(*) filter (where api <> 'refund')::int as others from inbound_exchange`,
    );
    expect(kept).toEqual({ refunds: MADE.length + REFUSED.length, others: 5 });
    expect(failuresIn(test.log)).toEqual([]);
    const [sum] = await ask<{ made: number; back: string }>(
      url,
      `select count(*)::int as made, sum(amount)::text as back from ledger_movement where kind = 'REFUND'`,
    );
    expect(sum).toEqual({ made: MADE.length, back: String(MADE.length * 9) });
  });

  it('the CSV has all of them, and the page shows each field of the API', async () => {
    const csv = await test.operator.operations(`/payments.csv?q=${payment.paymentRequestId}`);
    const [row] = parse<Record<string, string>>(csv.text, { columns: true });
    expect(row).toMatchObject({ refundedMinorUnits: String(MADE.length * 9), refundOpenMinorUnits: '' });

    const console_ = new ConsoleClient(test.url);
    await console_.signIn(test.tokens.operator);
    const page = (await console_.get(`/console/payments/${payment.paymentId}`)).text;
    const { body } = await test.operator.operations(`/payments/${payment.paymentId}`);
    const { refunds } = body as { refunds: readonly Json[] };
    expect(row?.['refundCount']).toBe(String(refunds.length));
    expect(refunds.length).toBeGreaterThan(MADE.length);
    for (const { refundRequestId, refundId, resultCode, refundTime, amountFlag } of refunds)
      for (const shown of [refundRequestId, refundId, resultCode, refundTime, amountFlag])
        if (shown !== undefined) expect(page).toContain(String(shown));
  });
});
