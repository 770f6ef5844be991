import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService({
    callsBack: true,
    environment: { AMOUNT_CHECK: 'reject', SUPPORTED_FLAGS: 'needCheckCompliance' },
  });
});
afterAll(() => test.stop());

const FITS_NOT = 'twin:S;pay=1000JPY;payTo=1HKD;rate=8.5614';

const aCode = (script = 'twin:S'): string => `${script}#${randomUUID()}`;
const aPayment = (script?: string): Promise<Json> => test.app.decodedPayment(aCode(script));
const act = (paymentId: string, name: string, body: object = {}): Promise<ApiAnswer> =>
  test.operator.send('POST', `/v1/operations/payments/${paymentId}/acts/${name}`, {
    reason: 'ticket 4711',
    ...body,
  });
const view = async (paymentId: string): Promise<Json> =>
  (await test.operator.operations(`/payments/${paymentId}`)).body;
const refused = (answer: ApiAnswer, cause: string): void => {
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'ACT_NOT_POSSIBLE', cause, detail: expect.any(String) },
  });
};

describe('closing an unpaid order', () => {
  it('has a preview, is done once, notifies Alipay+, and is recorded', async () => {
    const code = aCode();
    const payment = await test.app.decodedPayment(code);
    const { paymentId } = payment;
    const rehearsed = await act(paymentId, 'close', { dryRun: true });
    expect(rehearsed).toMatchObject({
      status: 200,
      body: {
        act: 'close',
        dryRun: true,
        changed: false,
        effect: expect.stringContaining('ORDER_IS_CLOSED'),
      },
    });
    expect((await view(paymentId)).status).toBe('AWAITING_CONFIRMATION');
    const done = await act(paymentId, 'close');
    expect(done).toMatchObject({
      status: 200,
      body: {
        dryRun: false,
        changed: true,
        effect: rehearsed.body.effect,
        before: { status: 'AWAITING_CONFIRMATION' },
        after: { status: 'CANCELLED' },
      },
    });
    const again = await act(paymentId, 'close');
    expect(again).toMatchObject({
      status: 200,
      body: {
        changed: false,
        cause: 'CLOSED_ALREADY',
        why: 'The order has ended already: it is CANCELLED, and Alipay+ is notified of that.',
      },
    });
    expect(await test.app.confirm(payment)).toMatchObject({ status: 409, body: { code: 'ORDER_IS_CLOSED' } });
    const seen = await untilNotified(test.operator, paymentId);
    expect((await test.books.order(code)).notifications).toMatchObject([
      { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
    ]);
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
    expect(seen.debits).toEqual([]);
    expect(seen.acts).toMatchObject([
      {
        act: 'close',
        outcome: 'UNCHANGED',
        actor: 'operator:operator',
        reason: 'ticket 4711',
        why: again.body.why,
      },
      { act: 'close', outcome: 'DONE', before: done.body.before, after: { status: 'CANCELLED' } },
    ]);
    expect(
      seen.timeline.filter(({ what }: Json) => ['CANCELLED', 'OPERATOR_ACTED'].includes(what)),
    ).toMatchObject([
      { what: 'CANCELLED', actor: 'operator:operator', reason: 'ticket 4711' },
      { what: 'OPERATOR_ACTED', outcome: 'UNCHANGED' },
    ]);
  });

  it('also works for a held one; for a paid one it is refused, and nothing changes', async () => {
    const held = await aPayment('twin:S;sdk');
    expect((await act(held.paymentId, 'close')).body).toMatchObject({
      changed: true,
      before: { status: 'HELD' },
    });
    const paid = await aPayment();
    await test.app.confirm(paid);
    await untilNotified(test.operator, paid.paymentId);
    refused(await act(paid.paymentId, 'close', { dryRun: true }), 'PAID');
    expect((await view(paid.paymentId)).acts).toEqual([]);
    refused(await act(paid.paymentId, 'close'), 'PAID');
    const { status, acts, notification } = await view(paid.paymentId);
    expect([status, notification.status, acts.length, acts[0].outcome]).toEqual([
      'PAID',
      'DELIVERED',
      1,
      'REFUSED',
    ]);
  });

  it('by many at once is done once', async () => {
    const { paymentId } = await aPayment();
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(paymentId, 'close')));
    expect(answers.filter(({ body }) => body.changed === true)).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await view(paymentId)).acts.map(({ outcome }: Json) => outcome).toSorted()).toEqual([
      'DONE',
      ...Array(7).fill('UNCHANGED'),
    ]);
  });
});

describe('releasing a held order', () => {
  it('with amounts that a person approves lets the payer pay, and the history keeps the reason', async () => {
    const payment = await aPayment(FITS_NOT);
    expect(payment).toMatchObject({ status: 'HELD', heldReason: 'AMOUNT_CHECK: RATE_DOES_NOT_FIT' });
    expect((await test.app.confirm(payment)).body.code).toBe('ORDER_HELD');
    const { body } = await act(payment.paymentId, 'release');
    expect(body).toMatchObject({
      changed: true,
      before: { status: 'HELD' },
      after: { status: 'AWAITING_CONFIRMATION' },
    });
    expect(body.effect).toContain(payment.payAmount.display);
    expect((await act(payment.paymentId, 'release')).body).toMatchObject({
      changed: false,
      cause: 'NOT_HELD',
    });
    expect((await test.app.read(payment.paymentId)).body).not.toHaveProperty('heldReason');
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    const seen = await untilNotified(test.operator, payment.paymentId);
    expect(seen.amountFlag).toBe('RATE_DOES_NOT_FIT');
    expect(seen.timeline.find(({ what }: Json) => what === 'RELEASED')).toMatchObject({
      actor: 'operator:operator',
      reason: 'ticket 4711',
      heldReason: payment.heldReason,
    });
    refused(await act(payment.paymentId, 'release'), 'NOT_HELD');
  });

  it('for a flag is possible once SUPPORTED_FLAGS names it', async () => {
    const payment = await aPayment('twin:S;flag=needOtpVerification');
    refused(await act(payment.paymentId, 'release'), 'HELD_REASON');
    await ask(test.database.url, 'update payment_order set held_reason = $2 where payment_id = $1', [
      payment.paymentId,
      'UNSUPPORTED_FLAG: needCheckCompliance',
    ]);
    expect((await act(payment.paymentId, 'release')).body.changed).toBe(true);
    // The proof that the order requires stays required.
    expect((await test.app.confirm(payment)).body.code).toBe('PROOF_REQUIRED');
    const proved = await test.app.confirm(payment, { proofs: { otp: '482913' } });
    expect(proved.body.status).toBe('PAID');
  });

  it.each([
    ['twin:S;sdk', 'HELD_REASON'],
    [`${FITS_NOT};sdk`, 'HELD_REASON'],
    [`${FITS_NOT};flag=needOtpVerification`, 'HELD_REASON'],
    [`${FITS_NOT};quoteExpire=1s`, 'QUOTE_EXPIRED'],
  ])('of %s is refused: %s', async (script, cause) => {
    const payment = await aPayment(script);
    expect(payment.status).toBe('HELD');
    if (payment.quoteExpiresAt) {
      const wait = `select pg_sleep(greatest(0, extract(epoch from $1::timestamptz - db_now())))`;
      await ask(test.database.url, wait, [payment.quoteExpiresAt]);
    }
    refused(await act(payment.paymentId, 'release', { dryRun: true }), cause);
    refused(await act(payment.paymentId, 'release'), cause);
    expect((await view(payment.paymentId)).status).toBe('HELD');
  });
});

describe('an order that can never be paid', () => {
  it.each([
    'twin:S;flag=isPaymentEvaluation',
    'twin:S;set=paymentFactor.needsSomethingNew:true',
    'twin:S;set=paymentExpiryTime:null',
  ])('of %s has ended at once, cannot be released, and is explained', async (script) => {
    const { paymentId, status } = await aPayment(script);
    expect(status).toBe('FAILED');
    refused(await act(paymentId, 'release', { dryRun: true }), 'NOT_HELD');
    const { body } = await test.operator.operations(`/payments/${paymentId}/explain`);
    expect(body.standing).toContain('The order could never be paid, so it was ended at once');
  });
});

describe('resending a result', () => {
  it('is one of the acts, with the same form of answer', async () => {
    const payment = await aPayment('twin:S;notify=F.ORDER_NOT_EXIST,S');
    refused(await act(payment.paymentId, 'redeliver'), 'NOT_FINAL');
    await test.app.confirm(payment);
    await untilNotified(test.operator, payment.paymentId, 'REJECTED');
    const { body } = await act(payment.paymentId, 'redeliver');
    expect(body).toMatchObject({ changed: true, before: { notification: 'REJECTED' } });
    const seen = await untilNotified(test.operator, payment.paymentId);
    expect((await act(payment.paymentId, 'redeliver')).body).toMatchObject({
      changed: false,
      cause: 'ALREADY_DELIVERED',
    });
    expect(seen.acts.map(({ outcome }: Json) => outcome)).toEqual(['DONE', 'REFUSED']);
  });
});

describe('a preview', () => {
  it('has the effect of every act or why it cannot be done, and its address', async () => {
    const { paymentId } = await aPayment();
    const { status, body } = await test.operator.operations(`/payments/${paymentId}/acts`);
    expect(status).toBe(200);
    expect(body.acts.map(({ act, verdict }: Json) => [act, verdict])).toEqual([
      ['redeliver', 'refused'],
      ['ask-ledger', 'refused'],
      ['close', 'possible'],
      ['release', 'needless'],
    ]);
    for (const { verdict, effect, why, call } of body.acts) {
      expect(typeof (verdict === 'possible' ? effect : why)).toBe('string');
      const answer = await test.operator.send(call.method, call.path, { reason: 'x', dryRun: true });
      expect(answer.status).toBe(verdict === 'refused' ? 409 : 200);
    }
    expect((await view(paymentId)).acts).toEqual([]);
  });
});

describe('bad input', () => {
  it.each([
    ['close', {}, 'reason'],
    ['close', { reason: '' }, 'reason'],
    ['close', { reason: ' \n' }, 'reason'],
    ['close', { reason: 'x'.repeat(201) }, 'reason'],
    ['close', { reason: 7 }, 'reason'],
    ['close', { reason: 'x', dryRun: 'yes' }, 'dryRun'],
    ['close', { reason: 'x', force: true }, 'force'],
    ['refund', { reason: 'x' }, 'act'],
    ["close' or 1=1 --", { reason: 'x' }, 'act'],
  ])('%s with %j names the field', async (name, body, field) => {
    const path = `/v1/operations/payments/${randomUUID()}/acts/${encodeURIComponent(name)}`;
    const answer = await test.operator.send('POST', path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(new Set(answer.body.errors.map(({ field }: Json) => field))).toEqual(new Set([field]));
  });

  it('a reason full of markup and SQL is kept and shown letter for letter', async () => {
    const { paymentId } = await aPayment();
    const reason = `<img src=x onerror=alert(1)>'); drop table payment_order; -- \u202e`;
    expect((await act(paymentId, 'close', { reason })).body.changed).toBe(true);
    const { acts, timeline } = await view(paymentId);
    expect(acts[0].reason).toBe(reason);
    expect(timeline.find(({ what }: Json) => what === 'CANCELLED').reason).toBe(reason);
  });

  it('an unknown payment is not found, and only operators are let in', async () => {
    expect((await act(randomUUID(), 'close')).status).toBe(404);
    expect((await act('x', 'close')).body.errors).toMatchObject([{ field: 'paymentId' }]);
    const path = `/v1/operations/payments/${randomUUID()}/acts`;
    expect((await test.app.send('GET', path)).status).toBe(403);
    expect((await test.app.send('POST', `${path}/close`, { reason: 'x' })).status).toBe(403);
  });
});
