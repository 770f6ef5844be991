import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

describe('Alipay+ inquires and cancels', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ callsBack: true });
  });
  afterAll(() => test.stop());

  const code = (script: string) => `${script}#${randomUUID()}`;
  const paid = async () => {
    const payment = await test.app.decodedPayment(code('twin:S'));
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    return payment;
  };
  const operations = async (paymentId: string) =>
    (await test.operator.operations(`/payments/${paymentId}`)).body;
  const statusOf = async (paymentId: string) => (await test.app.read(paymentId)).body.status;

  it('an order that waits for its payer is in process', async () => {
    const { paymentRequestId } = await test.app.decodedPayment(code('twin:S'));
    const answered = await test.books.inquire(paymentRequestId);
    expect(answered).toMatchObject({
      httpStatus: 200,
      isSignatureValid: true,
      resultStatus: 'S',
      fault: null,
    });
    expect(answered.answer.paymentResult).toMatchObject({
      resultStatus: 'U',
      resultCode: 'PAYMENT_IN_PROCESS',
    });
  });

  it('a paid order is answered as it was notified, amounts verbatim', async () => {
    const payment = await paid();
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer).toMatchObject({
      paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS' },
      paymentId: payment.paymentId,
      paymentAmount: { currency: 'JPY', value: '1000' },
      payToAmount: { currency: 'HKD', value: '8561' },
      customerId: 'customer-rich',
    });
    const order = await until('the notification arrived', async () => {
      const [seen] = await test.books.orders(`?paymentRequestId=${payment.paymentRequestId}`);
      return seen.notificationCount > 0 && seen;
    });
    const notified = JSON.parse(order.notifications[0].body);
    for (const field of ['paymentResult', 'paymentId', 'paymentTime', 'paymentAmount', 'payToAmount']) {
      expect(answer[field]).toEqual(notified[field]);
    }
  });

  it('an order we never saw does not exist', async () => {
    const answered = await test.books.inquire(`never-${randomUUID()}`);
    expect(answered).toMatchObject({
      isSignatureValid: true,
      resultStatus: 'F',
      resultCode: 'ORDER_NOT_EXIST',
    });
  });

  it('a declined order is closed', async () => {
    const payment = await test.app.decodedPayment(code('twin:S'));
    await test.app.decline(payment.paymentId);
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
  });

  it('a cancel before the payer confirms closes the order, and a repetition gets the same answer', async () => {
    const payment = await test.app.decodedPayment(code('twin:S'));
    for (const _repetition of [1, 2, 3]) {
      expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({
        isSignatureValid: true,
        resultStatus: 'S',
        answer: { result: { resultCode: 'SUCCESS' } },
      });
    }
    expect(await statusOf(payment.paymentId)).toBe('CANCELLED');
    const confirm = await test.app.confirm(payment);
    expect([confirm.status, confirm.body.code]).toEqual([409, 'ORDER_IS_CLOSED']);
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
  });

  it('failures 16: a cancel after the payment gives the money back, once, and inquiry says closed', async () => {
    const payment = await paid();
    await test.books.cancel(payment.paymentRequestId);
    await test.books.cancel(payment.paymentRequestId);
    const seen = await until('the money is back', async () => {
      const now = await operations(payment.paymentId);
      return now.debits[0].status === 'REVERSED' && now;
    });
    expect(seen.status).toBe('CANCELLED');
    expect(seen.timeline.filter((event: { what: string }) => event.what === 'REVERSED')).toHaveLength(1);
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
  });

  it('failures 15: a cancel for an order not yet seen blocks it for ever', async () => {
    const id = `early-${randomUUID()}`;
    expect(await test.books.cancel(id)).toMatchObject({ resultStatus: 'S' });
    expect((await test.books.inquire(id)).answer.paymentResult.resultCode).toBe('ORDER_IS_CLOSED');
    const scanned = await test.app.scanUntilDecided(code(`twin:S;request=${id}`));
    expect([scanned.status, scanned.body.messageKey]).toEqual([409, 'payment.cancelled']);
    const { payment } = (await test.app.readScan(scanned.body.scanId)).body;
    const confirm = await test.app.confirm(payment);
    expect([confirm.status, confirm.body.code]).toEqual([409, 'ORDER_IS_CLOSED']);
    await until('the order is closed', async () => (await statusOf(payment.paymentId)) === 'CANCELLED');
    expect((await operations(payment.paymentId)).debits).toEqual([]);
  });

  it('failures 14: cancel and confirm at the same moment never leave money taken from a cancelled order', async () => {
    const rounds = await Promise.all(
      Array.from({ length: 15 }, async () => {
        const payment = await test.app.decodedPayment(code('twin:S'));
        await Promise.all([test.app.confirm(payment), test.books.cancel(payment.paymentRequestId)]);
        return until('everything has settled', async () => {
          const now = await operations(payment.paymentId);
          const settled = now.debits.every((debit: { status: string }) =>
            ['REVERSED', 'REFUSED'].includes(debit.status),
          );
          return now.status === 'CANCELLED' && settled && now;
        });
      }),
    );
    expect(rounds).toHaveLength(15);
  });

  describe('refunds', () => {
    const jpy = (value: number) => ({ value: String(value), currency: 'JPY' });
    const hkd = (value: number) => ({ value: String(value), currency: 'HKD' });
    const refund = (payment: Json, refundRequestId: string, pay: number, payTo: number) =>
      test.books.refund(payment.paymentRequestId, {
        refundRequestId,
        paymentId: payment.paymentId,
        refundAmount: jpy(pay),
        refundFromAmount: hkd(payTo),
      });
    const told = ({ resultStatus, resultCode, isSignatureValid }: Json) => [
      resultStatus,
      resultCode,
      isSignatureValid,
    ];

    it('give back in parts up to the whole, each once, with the same answer to a repetition', async () => {
      const payment = await paid();
      const [part, rest, more] = [`part-${randomUUID()}`, `rest-${randomUUID()}`, `more-${randomUUID()}`];
      const first = await refund(payment, part, 30, 257);
      expect(told(first)).toEqual(['S', 'SUCCESS', true]);
      expect((await refund(payment, part, 30, 257)).answer).toEqual(first.answer);
      expect(told(await refund(payment, part, 31, 257))).toEqual(['F', 'REPEAT_REQ_INCONSISTENT', true]);
      expect(told(await refund(payment, rest, 970, 8304))).toEqual(['S', 'SUCCESS', true]);
      expect(told(await refund(payment, more, 1, 9))).toEqual(['F', 'REFUND_AMOUNT_EXCEED', true]);
      const { answer } = await test.books.inquireRefund(payment.paymentRequestId, part);
      expect(answer).toMatchObject({
        refundResult: { resultStatus: 'S' },
        refundId: first.answer.refundId,
        refundTime: first.answer.refundTime,
        refundAmount: jpy(30),
        refundFromAmount: hkd(257),
      });
      expect((await test.books.inquire(payment.paymentRequestId)).answer.paymentResult.resultStatus).toBe(
        'S',
      );

      const { body: seen } = await test.app.read(payment.paymentId);
      expect(seen).toMatchObject({
        status: 'PAID',
        refunds: [
          { status: 'REFUNDED', amount: { ...hkd(257), display: 'HK$2.57' }, refundAmount: jpy(30) },
          { status: 'REFUNDED', amount: hkd(8304) },
        ],
      });
      const look = await operations(payment.paymentId);
      expect(look.refunds.map(({ status }: Json) => status)).toEqual(['REFUNDED', 'REFUNDED', 'REFUSED']);
      const events = look.timeline.map(({ what }: Json) => what);
      expect(events).toEqual(
        expect.arrayContaining(['REFUND_RECEIVED', 'REFUND_REQUESTED', 'REFUNDED', 'REFUND_REFUSED']),
      );
      const { body: found } = await test.operator.operations(`/payments?q=${more}`);
      expect([found.recognisedAs, found.payments[0].paymentId]).toEqual([
        ['refundRequestId'],
        payment.paymentId,
      ]);
    });

    it('refuse an order that is unpaid, cancelled or unknown, and a cancel gives back the rest after refunds', async () => {
      const id = () => `refund-${randomUUID()}`;
      const unpaid = await test.app.decodedPayment(code('twin:S'));
      expect(told(await refund(unpaid, id(), 30, 257))).toEqual(['F', 'ORDER_STATUS_INVALID', true]);
      const nobodys = { paymentRequestId: `never-${randomUUID()}`, paymentId: randomUUID() };
      expect(told(await refund(nobodys, id(), 30, 257))).toEqual(['F', 'ORDER_NOT_EXIST', true]);
      expect(told(await test.books.refund(unpaid.paymentRequestId, { refundAmount: jpy(0) }))).toEqual([
        'F',
        'PARAM_ILLEGAL',
        true,
      ]);
      expect(told(await test.books.inquireRefund(unpaid.paymentRequestId, id()))).toEqual([
        'F',
        'ORDER_NOT_EXIST',
        true,
      ]);
      const payment = await paid();
      expect(told(await refund(payment, id(), 30, 257))).toEqual(['S', 'SUCCESS', true]);
      await test.books.cancel(payment.paymentRequestId);
      expect(told(await refund(payment, id(), 30, 257))).toEqual(['F', 'ORDER_IS_CLOSED', true]);
      await until(
        'the rest is back',
        async () => (await operations(payment.paymentId)).debits[0].status === 'REVERSED',
      );
      const [reversal] = await ask(
        test.environment['DATABASE_URL'] ?? '',
        `select m.amount from ledger_movement m join debit d on m.key = d.debit_id::text
         where m.kind = 'REVERSAL' and d.payment_id = '${payment.paymentId}'`,
      );
      expect(reversal).toEqual({ amount: '8304' });
    });

    it('follow the script of a code, repeated or contradicted by the twin, and nothing is given back twice', async () => {
      for (const twice of ['same', 'changed']) {
        const payment = await test.app.decodedPayment(
          code(`twin:S;refund=30JPY@50ms,970JPY;refundTwice=${twice}`),
        );
        await test.app.confirm(payment);
        const order = await until('both refunds are made and asked for twice', async () => {
          const [seen] = await test.books.orders(`?paymentRequestId=${payment.paymentRequestId}`);
          return seen.refundCalls.length >= 4 && seen;
        });
        expect(order.refunds.map(({ result }: Json) => result[0])).toEqual(['S', 'S']);
        const { body: seen } = await test.app.read(payment.paymentId);
        expect(seen.refunds.map(({ amount }: Json) => amount.value).toSorted()).toEqual(['257', '8304']);
      }
      const { defects = [] } = await test.books.summary();
      expect(JSON.stringify(defects)).not.toContain('REFUND');
    });
  });

  it('a call that is not signed by Alipay+ gets a signed refusal and learns nothing', async () => {
    const payment = await test.app.decodedPayment(code('twin:S'));
    const body = JSON.stringify({ acquirerId: '1', pspId: '2', paymentRequestId: payment.paymentRequestId });
    const headers = { 'content-type': 'application/json', 'request-time': new Date().toISOString() };
    const call = (more: Record<string, string>) =>
      test.app.raw('/aps/api/v1/payments/cancelPayment', {
        method: 'POST',
        body,
        headers: { ...headers, ...more },
      });
    const signature = 'algorithm=RSA256,keyVersion=1,signature=AAAA';
    const unsigned = await call({ 'client-id': 'TEST_5X00000000000000' });
    const forged = await call({ 'client-id': 'TEST_5X00000000000000', signature });
    const stranger = await call({ 'client-id': 'SOMEBODY_ELSE', signature });
    expect(
      [unsigned, forged, stranger].map(({ status, body: said }) => [status, said.result.resultCode]),
    ).toEqual([
      [200, 'INVALID_SIGNATURE'],
      [200, 'INVALID_SIGNATURE'],
      [200, 'INVALID_CLIENT'],
    ]);
    for (const answer of [unsigned, forged, stranger])
      expect(answer.headers.get('signature')).toContain('RSA256');
    expect(await statusOf(payment.paymentId)).toBe('AWAITING_CONFIRMATION');
  });
});
