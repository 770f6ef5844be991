import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import type { ExportedPayment } from '../search/payment-search.sql.js';
import { paymentsCsv } from './payments-csv.js';

const ROW: ExportedPayment = {
  payment_id: '018f3a5b-0000-7000-8000-000000000001',
  payment_request_id: '20260301190741',
  reference_order_id: 'order-1',
  customer_id: 'customer-1',
  acquirer_id: '1022188000000000001',
  psp_id: null,
  merchant_id: 'M-1',
  merchant_name: 'Blue Coffee',
  status: 'PAID',
  held_reason: null,
  result_code: 'SUCCESS',
  pay_currency: 'HKD',
  pay_value: '123456789012345678901234567890',
  payment_currency: 'JPY',
  payment_value: '1000',
  pay_to_currency: 'HKD',
  pay_to_value: '8561',
  notification_status: 'DELIVERED',
  created_at: new Date('2026-03-01T12:00:00.123Z'),
  finished_at: null,
  refunded_value: '120',
  refund_open_value: null,
  refund_count: '2',
};

const written = (...rows: ExportedPayment[]): Promise<string> =>
  text(Readable.from(rows).pipe(paymentsCsv()));

const readBack = async (...rows: ExportedPayment[]): Promise<Record<string, string>[]> =>
  parse(await written(...rows), { columns: true, record_delimiter: '\r\n' });

describe('the CSV of payments', () => {
  it('has a header, a line for each payment, and CRLF after each', async () => {
    expect(await written(ROW)).toBe(
      'paymentId,paymentRequestId,referenceOrderId,customerId,acquirerId,pspId,merchantId,merchantName,status,' +
        'heldReason,resultCode,payCurrency,payMinorUnits,paymentCurrency,paymentMinorUnits,payToCurrency,' +
        'payToMinorUnits,notificationStatus,createdAt,finishedAt,refundedMinorUnits,refundOpenMinorUnits,refundCount\r\n' +
        '018f3a5b-0000-7000-8000-000000000001,20260301190741,order-1,customer-1,1022188000000000001,,M-1,' +
        'Blue Coffee,PAID,,SUCCESS,HKD,123456789012345678901234567890,JPY,1000,HKD,8561,DELIVERED,' +
        '2026-03-01T12:00:00.123Z,,120,,2\r\n',
    );
  });

  it('is only a header when nothing was found', async () => {
    expect(await written()).toMatch(/^paymentId,[^\r\n]*refundCount\r\n$/);
  });

  it.each([
    'a "quoted" name',
    'one, two',
    'two\nlines',
    'two\r\nlines',
    'a\rreturn',
    '"',
    ',',
    '东京商店 ☕',
    ' blank ',
  ])('keeps the name %j unchanged through writing and reading', async (merchantName) => {
    const [row, after] = await readBack({ ...ROW, merchant_name: merchantName }, ROW);
    expect(row?.merchantName).toBe(merchantName);
    expect(after?.merchantName).toBe('Blue Coffee');
  });

  it.each([
    `=cmd|' /C calc'!A0`,
    '=HYPERLINK("https://evil.example","click")',
    '+1+1',
    '-2+3',
    '@SUM(A1:A9)',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ])('makes the formula %j harmless in every column', async (payload) => {
    const texts = [
      'payment_request_id',
      'reference_order_id',
      'customer_id',
      'acquirer_id',
      'psp_id',
    ] as const;
    const others = ['merchant_id', 'merchant_name', 'result_code', 'held_reason'] as const;
    const poisoned = Object.fromEntries([...texts, ...others].map((column) => [column, payload]));
    const [row = {}] = await readBack({ ...ROW, ...poisoned });
    const cells = Object.values(row).filter((cell) => cell.includes(payload));
    expect(cells).toHaveLength(texts.length + others.length);
    expect(cells.filter((cell) => cell !== `'${payload}`)).toEqual([]);
  });

  it.each([
    ['Shop;=1+1', "Shop;'=1+1"],
    ['Shop;"=1+1"', `Shop;"'=1+1"`],
    ['Shop;@SUM(A1);-1', "Shop;'@SUM(A1);'-1"],
    ['Shop\r\n=1+1', "Shop\r\n'=1+1"],
    ['Shop;＝1', "Shop;'＝1"],
    [';=1+1', ";'=1+1"],
    [';=1+1;', ";'=1+1;"],
    ['Shop\t=1+1', "Shop\t'=1+1"],
    ['Shop;\t=1+1', "Shop;\t'=1+1"],
    ['\t=1+1', "'\t'=1+1"],
    ['\r=1+1', "'\r'=1+1"],
    ['\n=1+1', "'\n'=1+1"],
    [' =1+1', "' =1+1"],
    ['\u00a0@SUM(A1)', "'\u00a0@SUM(A1)"],
    ['\u200b\ufeff-1', "'\u200b\ufeff-1"],
    ['﹦1+1', "'﹦1+1"],
    ['Shop;﹣1', "Shop;'﹣1"],
    ['\n\n=1+1', "'\n\n'=1+1"],
  ])(
    'makes %j harmless, which begins a cell where semicolons, tabs or line breaks separate cells',
    async (name, told) => {
      const [row] = await readBack({ ...ROW, merchant_name: name });
      expect(row?.merchantName).toBe(told);
    },
  );

  it.each(['<script>alert(1)</script>', 'Tea; coffee', 'A-B;C=D', `'; drop table payment_order; --`])(
    'leaves the text %j unchanged',
    async (merchantName) => {
      const [row] = await readBack({ ...ROW, merchant_name: merchantName });
      expect(row?.merchantName).toBe(merchantName);
    },
  );
});
