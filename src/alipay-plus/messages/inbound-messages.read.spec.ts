import { readCancelPayment, readInquiryPayment } from './inbound-messages.js';

const body = (fields: object) => Buffer.from(JSON.stringify(fields));
const ids = {
  acquirerId: '1020000000000000001',
  pspId: '1020000000000000002',
  paymentRequestId: '20200000000000000133',
};

describe.each([
  ['readInquiryPayment', readInquiryPayment],
  ['readCancelPayment', readCancelPayment],
])('%s', (_, read) => {
  it('reads the three ids', () => {
    expect(read(body(ids))).toEqual({ readable: true, request: ids });
  });

  it('ignores unknown fields, and faults in ids that name no order', () => {
    expect(read(body({ ...ids, pspId: null, acquirerId: ['x'], more: 1 }))).toEqual({
      readable: true,
      request: { paymentRequestId: ids.paymentRequestId },
    });
  });

  it.each([
    ['without paymentRequestId', body({ ...ids, paymentRequestId: null }), 'paymentRequestId'],
    [
      'with a paymentRequestId that is too long',
      body({ ...ids, paymentRequestId: 'x'.repeat(65) }),
      'paymentRequestId',
    ],
    ['that is no JSON', Buffer.from('paymentRequestId=1'), 'body'],
  ])('refuses a request %s', (_, raw, field) => {
    const reading = read(raw);
    expect(reading.readable ? [] : reading.faults.map((fault) => fault.field)).toEqual([field]);
  });
});
