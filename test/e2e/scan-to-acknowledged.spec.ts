import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

describe('a scan becomes an acknowledged payment', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const delivered = (paymentId: string) =>
    until('the notification is delivered', async () => {
      const { body } = await test.operator.operations(`/payments/${paymentId}`);
      return body.notification?.status === 'DELIVERED' && body;
    });

  it('a code that Alipay+ knows at once is paid and acknowledged', async () => {
    const scanned = await test.app.scan('twin:S#straight');
    expect(scanned.status).toBe(201);
    expect(scanned.headers.get('location')).toBe(`/v1/scans/${scanned.body.scanId}`);
    const { payment } = scanned.body;
    expect(payment).toMatchObject({
      status: 'AWAITING_CONFIRMATION',
      scenario: 'MERCHANT_PRESENTED',
      payAmount: { currency: 'HKD', value: '8561', display: 'HK$85.61' },
      paymentAmount: { currency: 'JPY', value: '1000', display: '¥1,000' },
    });
    const paid = await test.app.confirm(payment);
    expect(paid.status).toBe(200);
    expect(paid.body).toMatchObject({ status: 'PAID', result: { resultStatus: 'S', resultCode: 'SUCCESS' } });
    const seen = await delivered(payment.paymentId);
    const order = await test.books.order('twin:S#straight');
    expect(order).toMatchObject({ acknowledged: true, acknowledgedResult: 'S', notificationCount: 1 });
    expect(JSON.parse(order.notifications[0].body)).toEqual({
      paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
      paymentRequestId: payment.paymentRequestId,
      paymentId: payment.paymentId,
      paymentTime: paid.body.paymentTime,
      paymentAmount: { currency: 'JPY', value: '1000' },
      payToAmount: { currency: 'HKD', value: '8561' },
      customerId: 'customer-rich',
    });
    expect(seen.debits).toHaveLength(1);
  });

  it('a code that is unknown twice is decoded with the identical request until it is known', async () => {
    const code = 'twin:U,U,S#unknown-twice';
    const scanned = await test.app.scan(code);
    expect(scanned.status).toBe(202);
    expect(scanned.body.status).toBe('PENDING');
    expect(Number(scanned.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const decoded = await test.app.readScan(scanned.body.scanId, 20_000);
    expect(decoded.status).toBe(200);
    expect((await test.app.confirm(decoded.body.payment)).body.status).toBe('PAID');
    await delivered(decoded.body.payment.paymentId);
    expect(await test.books.order(code)).toMatchObject({ calls: 3, maxInFlight: 1, acknowledgedResult: 'S' });
    const bodies = (await test.books.calls()).filter(
      (call: { codeValue?: string; path: string }) =>
        call.codeValue === code && call.path.endsWith('/userInitiatedPay'),
    );
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies.map((call: { bodySha256: string }) => call.bodySha256)).size).toBe(1);
  });

  it('a refused code ends the scan with its result code, and no order is made', async () => {
    const refused = await test.app.scan('twin:F.EXPIRED_CODE#expired');
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'EXPIRED_CODE', action: 'SHOW_CODE_EXPIRED' });
    const again = await test.app.readScan(refused.body.scanId);
    expect(again.body.code).toBe('EXPIRED_CODE');
  });
});
