import { createHash, randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.stop());

const aCode = (script = 'twin:S'): string => `${script}#${randomUUID()}`;

const debitsOf = async (paymentId: string): Promise<number> => {
  const rows = await ask(
    test.database.url,
    `select 1 from ledger_movement m join debit d on m.key = d.debit_id::text
     where d.payment_id = $1 and m.kind = 'DEBIT'`,
    [paymentId],
  );
  return rows.length;
};

const refused = (answer: ApiAnswer, status: number, code: string) => {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
};

const untilPast = (time: string) => until(`it is past ${time}`, () => Date.now() > Date.parse(time) + 20);

/** The result that the twin got, once it has acknowledged it. */
const toldResult = async (code: string, paymentId: string): Promise<Json> => {
  await untilNotified(test.operator, paymentId);
  const order = await test.books.order(code);
  expect(order).toMatchObject({ acknowledged: true, notificationCount: 1 });
  return JSON.parse(order.notifications[0].body).paymentResult;
};

describe('a confirm must name the amount that the payer saw', () => {
  it.each([
    ['another value', { payAmount: { currency: 'HKD', value: '8560' } }],
    ['another currency', { payAmount: { currency: 'JPY', value: '8561' } }],
    ['the amount of the merchant', { payAmount: { currency: 'JPY', value: '1000' } }],
    ['another quote', { quoteId: 'Q-of-another-day' }],
  ])(
    '%s is refused as AMOUNT_CHANGED, nothing is debited, and the right one still pays',
    async (_what, body) => {
      const payment = await test.app.decodedPayment(aCode());
      refused(await test.app.confirm(payment, body), 409, 'AMOUNT_CHANGED');
      expect(await debitsOf(payment.paymentId)).toBe(0);
      const { quoteId } = payment.exchangeRate;
      expect((await test.app.confirm(payment, { quoteId })).body.status).toBe('PAID');
      expect((await test.app.confirm(payment, body)).body.messageKey).toBe('payment.already_paid');
      expect(await debitsOf(payment.paymentId)).toBe(1);
    },
  );

  it('takes the amount as it was answered, and compares only currency and value', async () => {
    const payment = await test.app.decodedPayment(aCode());
    const { payAmount } = payment;
    expect(payAmount.display).toBe('HK$85.61');
    const more = { payAmount: { ...payAmount, more: '1' } };
    refused(await test.app.confirm(payment, more), 400, 'INVALID_REQUEST');
    const empty = { payAmount: { ...payAmount, display: '' } };
    refused(await test.app.confirm(payment, empty), 400, 'INVALID_REQUEST');
    const other = { payAmount: { ...payAmount, value: '8560' } };
    refused(await test.app.confirm(payment, other), 409, 'AMOUNT_CHANGED');
    expect((await test.app.confirm(payment, { payAmount })).body.status).toBe('PAID');
    const otherwise = { payAmount: { ...payAmount, display: '85,61 HKD' } };
    expect((await test.app.confirm(payment, otherwise)).body.status).toBe('PAID');
    expect(await debitsOf(payment.paymentId)).toBe(1);
  });

  it('with a surcharge the payer pays the surcharged amount and not the settlement', async () => {
    const payment = await test.app.decodedPayment(aCode('twin:S;surcharge=8916HKD'));
    expect(payment).toMatchObject({ payAmount: { value: '8916' }, payToAmount: { value: '8561' } });
    refused(await test.app.confirm(payment, { payAmount: payment.payToAmount }), 409, 'AMOUNT_CHANGED');
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  });
});

describe('time runs out', () => {
  it('failures 13: an order whose quote is dead cannot be confirmed although the order lives', async () => {
    const payment = await test.app.decodedPayment(aCode('twin:S;quoteExpire=1s'));
    await untilPast(payment.quoteExpiresAt);
    refused(await test.app.confirm(payment), 409, 'QUOTE_EXPIRED');
    refused(await test.app.confirm(payment), 409, 'QUOTE_EXPIRED');
    expect((await test.app.read(payment.paymentId)).body.status).toBe('AWAITING_CONFIRMATION');
    expect(await debitsOf(payment.paymentId)).toBe(0);
    expect((await test.app.decline(payment.paymentId)).status).toBe(200);
  });

  it('failures 12: an expired order cannot be confirmed; the sweeper closes it and Alipay+ is told once', async () => {
    const code = aCode('twin:S;expire=1s');
    const payment = await test.app.decodedPayment(code);
    await untilPast(payment.expiresAt);
    refused(await test.app.confirm(payment), 409, 'ORDER_EXPIRED');
    expect(await toldResult(code, payment.paymentId)).toMatchObject({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
    });
    refused(await test.app.confirm(payment), 409, 'ORDER_EXPIRED');
    refused(await test.app.decline(payment.paymentId), 409, 'ORDER_EXPIRED');
    expect((await test.app.read(payment.paymentId)).body).toMatchObject({
      status: 'EXPIRED',
      result: { resultCode: 'ORDER_IS_CLOSED' },
      notification: { status: 'DELIVERED' },
      action: 'SHOW_CODE_EXPIRED',
      messageKey: 'payment.expired',
    });
    expect(await debitsOf(payment.paymentId)).toBe(0);
    // The code means this order for ever: a new scan that showed it again would send the payer round in a circle.
    const again = await test.app.scan(code);
    refused(again, 409, 'ORDER_EXPIRED');
    expect(again.body).toMatchObject({ messageKey: 'payment.expired', paymentId: payment.paymentId });
  });

  it('an expired order that was paid in time stays paid, and confirming it late says so again', async () => {
    const payment = await test.app.decodedPayment(aCode('twin:S;expire=3s'));
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await untilPast(payment.expiresAt);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    expect(await debitsOf(payment.paymentId)).toBe(1);
  });
});

describe('an order asks for something that must not be skipped', () => {
  it.each([
    ['sdk', 'HANDLE_BY_SDK'],
    ['flag=needOtpVerification', 'UNSUPPORTED_FLAG: needOtpVerification'],
  ])('with %s it is held, says why, and is never debited', async (directive, heldReason) => {
    const code = aCode(`twin:S;${directive};expire=3s`);
    const payment = await test.app.decodedPayment(code);
    expect(payment).toMatchObject({ status: 'HELD', heldReason });
    refused(await test.app.confirm(payment), 409, 'ORDER_HELD');
    expect(await debitsOf(payment.paymentId)).toBe(0);
    await untilPast(payment.expiresAt);
    expect(await toldResult(code, payment.paymentId)).toMatchObject({ resultCode: 'ORDER_IS_CLOSED' });
  });

  it.each(['sdk', 'flag=needOtpVerification'])(
    'with %s its payer may decline it, and Alipay+ is told at once',
    async (directive) => {
      const code = aCode(`twin:S;${directive}`);
      const { paymentId } = await test.app.decodedPayment(code);
      const declined = await test.app.decline(paymentId);
      expect(declined).toMatchObject({ status: 200, body: { status: 'DECLINED' } });
      expect((await test.app.decline(paymentId)).body.status).toBe('DECLINED');
      expect(await toldResult(code, paymentId)).toMatchObject({ resultCode: 'ORDER_IS_CLOSED' });
    },
  );

  it.each([
    ['flag=isAgreementPayment', 'UNSUPPORTED_FLAG: isAgreementPayment', 'SHOW_NOT_SUPPORTED'],
    ['set=paymentExpiryTime:null', 'NOT_PAYABLE: paymentExpiryTime is missing', 'CONTACT_SUPPORT'],
    [
      `set=paymentNotifyUrl:${encodeURIComponent('"https://evil.example/"')}`,
      'NOT_PAYABLE: paymentNotifyUrl may not be called (host_not_allowed)',
      'CONTACT_SUPPORT',
    ],
  ])(
    'with %s nobody can ever pay it: it ends at once, and Alipay+ is told F',
    async (directive, heldReason, action) => {
      const code = aCode(`twin:S;${directive}`);
      const payment = await test.app.decodedPayment(code);
      expect(payment).toMatchObject({
        status: 'FAILED',
        heldReason,
        action,
        result: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
      });
      expect(await toldResult(code, payment.paymentId)).toMatchObject({ resultCode: 'PROCESS_FAIL' });
      refused(await test.app.confirm(payment), 409, 'ORDER_IS_CLOSED');
      refused(await test.app.decline(payment.paymentId), 409, 'ORDER_IS_CLOSED');
      expect(await debitsOf(payment.paymentId)).toBe(0);
      // Scanned again, the code gives the same order and its end.
      expect(await test.app.decodedPayment(code)).toMatchObject({
        paymentId: payment.paymentId,
        status: 'FAILED',
      });
    },
  );

  it('fields for the SDK are given to the app, only while the order is held', async () => {
    const payment = await test.app.decodedPayment(aCode('twin:S;sdk'));
    expect(payment).toMatchObject({
      action: 'HANDLE_BY_SDK',
      sdkActionPayload: `twin-action-${payment.paymentRequestId}`,
    });
    const plain = await test.app.decodedPayment(aCode());
    expect(plain.action).toBeUndefined();
    expect(plain.heldReason).toBeUndefined();
  });
});

describe("the wallet's ledger refuses", () => {
  it('too little money leaves the order open: it is refused again, told to nobody, and can be declined', async () => {
    const code = aCode();
    const payment = await test.app.decodedPayment(code, 'customer-poor');
    refused(await test.app.confirm(payment), 422, 'INSUFFICIENT_BALANCE');
    refused(await test.app.confirm(payment), 422, 'INSUFFICIENT_BALANCE');
    const { body } = await test.app.read(payment.paymentId);
    expect(body.status).toBe('AWAITING_CONFIRMATION');
    expect(body.notification).toBeUndefined();
    expect(await test.books.order(code)).toMatchObject({ notificationCount: 0 });
    const seen = await test.operator.operations(`/payments/${payment.paymentId}`);
    expect(seen.body.debits.map((debit: Json) => debit.status)).toEqual(['REFUSED', 'REFUSED']);
    expect((await test.app.decline(payment.paymentId)).body.status).toBe('DECLINED');
    expect(await toldResult(code, payment.paymentId)).toMatchObject({ resultCode: 'ORDER_IS_CLOSED' });
    expect(await debitsOf(payment.paymentId)).toBe(0);
  });

  it('a blocked customer fails the order for good, with the same answer every time', async () => {
    const code = aCode();
    const payment = await test.app.decodedPayment(code, 'customer-blocked');
    const first = await test.app.confirm(payment);
    refused(first, 422, 'USER_STATUS_ABNORMAL');
    expect(first.body).toMatchObject({ paymentId: payment.paymentId, action: 'CONTACT_SUPPORT' });
    expect(await toldResult(code, payment.paymentId)).toMatchObject({
      resultStatus: 'F',
      resultCode: 'USER_STATUS_ABNORMAL',
    });
    const second = await test.app.confirm(payment);
    expect({ ...second.body, requestId: '' }).toEqual({ ...first.body, requestId: '' });
    refused(await test.app.decline(payment.paymentId), 409, 'ORDER_IS_CLOSED');
    expect((await test.app.read(payment.paymentId)).body.status).toBe('FAILED');
  });

  it('a customer the wallet does not know fails the order for good', async () => {
    const code = aCode();
    const payment = await test.app.decodedPayment(code, `nobody-${randomUUID()}`);
    refused(await test.app.confirm(payment), 422, 'USER_NOT_EXIST');
    expect(await toldResult(code, payment.paymentId)).toMatchObject({ resultCode: 'USER_NOT_EXIST' });
  });
});

describe('the payer declines', () => {
  it('an open order is closed; declining again says the same, confirming is refused, Alipay+ is told once', async () => {
    const code = aCode();
    const payment = await test.app.decodedPayment(code);
    const first = await test.app.decline(payment.paymentId);
    expect(first).toMatchObject({ status: 200, body: { status: 'DECLINED' } });
    expect(await toldResult(code, payment.paymentId)).toMatchObject({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
    });
    const again = await test.app.decline(payment.paymentId);
    expect(again).toMatchObject({ status: 200, body: { status: 'DECLINED' } });
    for (const answer of [await test.app.confirm(payment), await test.app.scan(code)]) {
      refused(answer, 409, 'ORDER_IS_CLOSED');
      expect(answer.body).toMatchObject({ action: 'SHOW_ORDER_CLOSED', messageKey: 'payment.declined' });
    }
    expect(await debitsOf(payment.paymentId)).toBe(0);
    expect(await test.books.order(code)).toMatchObject({ notificationCount: 1 });
  });

  it('a paid order cannot be declined any more', async () => {
    const payment = await test.app.decodedPayment(aCode());
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    const declined = await test.app.decline(payment.paymentId);
    refused(declined, 409, 'ORDER_IS_CLOSED');
    expect(declined.body).toMatchObject({ action: 'SHOW_PAYMENT', messageKey: 'payment.already_paid' });
    expect((await test.app.read(payment.paymentId)).body.status).toBe('PAID');
  });
});

describe('an order asks for proofs of a wallet that can give them', () => {
  let proving: TestService;
  beforeAll(async () => {
    proving = await startTestService({
      environment: { SUPPORTED_FLAGS: 'needOtpVerification,isAuthorizationAndPay' },
    });
  });
  afterAll(() => proving.stop());

  const OTP = '482913';
  const decoded = (script: string): Promise<Json> => proving.app.decodedPayment(aCode(script));
  const confirmedLines = async (paymentId: string): Promise<Json[]> =>
    ask(
      proving.database.url,
      `select detail from payment_history where payment_id = $1 and event = 'CONFIRMED' order by history_id`,
      [paymentId],
    );

  it('gets their names, pays only with them, and may try again when the ledger rejects one', async () => {
    const payment = await decoded('twin:S;flag=needOtpVerification');
    expect(payment).toMatchObject({
      status: 'AWAITING_CONFIRMATION',
      requirements: { flags: ['needOtpVerification'], proofs: ['otp'] },
    });
    refused(await proving.app.confirm(payment), 422, 'PROOF_REQUIRED');
    refused(await proving.app.confirm(payment, { proofs: { consent: 'x' } }), 422, 'PROOF_REQUIRED');
    expect(await confirmedLines(payment.paymentId)).toEqual([]);
    refused(await proving.app.confirm(payment, { proofs: { otp: '000000' } }), 422, 'PROOF_REJECTED');
    expect((await proving.app.read(payment.paymentId)).body.status).toBe('AWAITING_CONFIRMATION');
    const proofs = { otp: OTP, consent: 'not asked for' };
    expect((await proving.app.confirm(payment, { proofs })).body.status).toBe('PAID');
    expect((await proving.app.confirm(payment)).body.status).toBe('PAID');
  });

  it('leaves a digest of the proof as evidence, and the proof itself nowhere', async () => {
    const payment = await decoded('twin:S;flag=needOtpVerification');
    const { paymentId } = payment;
    await proving.app.confirm(payment, { proofs: { otp: OTP } });
    const lines = await confirmedLines(paymentId);
    expect(lines).toEqual([{ detail: { proofs: { otp: expect.stringMatching(/^[0-9a-f]{64}$/) } } }]);
    // Keyed with a key of the installation: with the database alone nobody can try one password after another.
    const guessed = createHash('sha256').update(`${paymentId} otp ${OTP}`).digest('hex');
    expect(JSON.stringify(lines)).not.toContain(guessed);
    const debits = 'select proofs from debit where payment_id = $1';
    expect(await ask(proving.database.url, debits, [paymentId])).toEqual([{ proofs: null }]);
    expect(proving.log.join('')).not.toContain(OTP);
    const { body } = await proving.operator.operations(`/payments/${paymentId}/explain`);
    expect(JSON.stringify(body.evidence)).toContain('with otp as proof');
    expect(JSON.stringify(body)).not.toContain(OTP);
  });

  it('gets the authorization that the payer is asked for', async () => {
    const pass = encodeURIComponent('"key=value"');
    const payment = await decoded(`twin:S;flag=isAuthorizationAndPay;set=passThroughInfo:${pass}`);
    expect(payment.requirements).toEqual({
      flags: ['isAuthorizationAndPay'],
      proofs: ['consent'],
      authorizationInfo: expect.objectContaining({ authClientId: expect.any(String) }),
      passThroughInfo: 'key=value',
    });
  });
});
