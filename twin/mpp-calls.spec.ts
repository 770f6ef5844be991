import type { RunningTwin } from './start-twin.js';
import {
  CANCEL_PATH,
  inquired,
  INQUIRY_PATH,
  result,
  startFakeMpp,
  type FakeAnswer,
  type FakeMpp,
} from './test/fake-mpp.js';
import { eventually, getJson, orderOf, postJson, startTestTwin, unique } from './test/running-twin.js';
import { decode, failedNotification, notify, paidNotification } from './test/signed-call.js';

jest.setTimeout(60_000);

const PAID = { resultStatus: 'S', resultCode: 'SUCCESS' };
const IN_PROCESS = { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' };
const CLOSED = { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' };

let mpp: FakeMpp;
let twin: RunningTwin;
beforeEach(async () => {
  mpp = await startFakeMpp();
  twin = await startTestTwin({
    mppBaseUrl: mpp.url,
    mppTimeoutsMs: { cancelPayment: 5000, inquiryPayment: 5000 },
  });
});
afterEach(async () => {
  await twin.close();
  await mpp.close();
});

async function decoded(
  script: string,
): Promise<{ code: string; order: Record<string, unknown>; id: string }> {
  const code = unique(script);
  const order = (await decode(twin.url, code)).json;
  return { code, order, id: String(order['paymentRequestId']) };
}

async function defects(): Promise<string[]> {
  const summary = await getJson<{ defects: { kind: string }[] }>(`${twin.url}/_twin/summary`);
  return summary.defects.map((defect) => defect.kind);
}

describe('cancelPayment', () => {
  it('before the confirm follows the success, signed, with the three ids', async () => {
    const { code, order, id } = await decoded('twin:S;cancel=beforeConfirm');
    const row = await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
    expect(mpp.seen).toEqual([
      {
        path: CANCEL_PATH,
        body: { acquirerId: order['acquirerId'], pspId: order['pspId'], paymentRequestId: id },
        isSignatureValid: true,
      },
    ]);
    expect(row.cancels).toMatchObject([
      { resultStatus: 'S', isSignatureValid: true, httpStatus: 200, fault: null },
    ]);
  });

  it('is sent once, however often the code is decoded', async () => {
    const { code } = await decoded('twin:S;cancel=beforeConfirm');
    await decode(twin.url, code);
    await decode(twin.url, code);
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
    await decode(twin.url, code);
    expect(mpp.seen).toHaveLength(1);
  });

  it('after the payment follows the acknowledged notification', async () => {
    const { code, order } = await decoded('twin:S;cancel=afterPaid;notify=U,S');
    await notify(twin.url, paidNotification(order));
    expect(mpp.seen).toHaveLength(0);
    await notify(twin.url, paidNotification(order));
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
  });

  it('after a delay waits only for that delay', async () => {
    const { code } = await decoded('twin:S;cancel=duringDebit;cancelAfter=10ms');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
  });

  it('follows a success that was notified after the order had ended', async () => {
    const { code, order } = await decoded('twin:S;expire=1ms');
    await eventually(
      async () => Date.now(),
      (now) => now > Date.parse(String(order['paymentExpiryTime'])) + 1,
    );
    const answer = await notify(twin.url, paidNotification(order));
    expect(answer.json.result?.resultStatus).toBe('S');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
  });

  it('does not follow a failure notified after the end', async () => {
    const { code, order, id } = await decoded('twin:S;expire=1ms');
    await eventually(
      async () => Date.now(),
      (now) => now > Date.parse(String(order['paymentExpiryTime'])) + 1,
    );
    await notify(twin.url, failedNotification(order));
    const { status } = await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(status).toBe(200);
    expect(await orderOf(twin, code)).toMatchObject({ status: 'FAILED', cancelCount: 0 });
  });

  it.each<[string, FakeAnswer]>([
    ['U', result('U', 'UNKNOWN_EXCEPTION')],
    ['nothing', { body: {}, hangsUp: true }],
    ['an unsigned S', { ...result('S', 'SUCCESS'), isUnsigned: true }],
    ['a badly signed S', { ...result('S', 'SUCCESS'), isBadlySigned: true }],
    ['no result', { body: { ok: true } }],
  ])('answered with %s is repeated until it is answered S', async (_what, answer) => {
    mpp.answer(CANCEL_PATH, answer, answer, result('S', 'SUCCESS'));
    const { code } = await decoded('twin:S;cancelAfter=0ms');
    const row = await eventually(
      () => orderOf(twin, code),
      (seen) => seen.status === 'CANCELLED',
    );
    expect(row.cancels.map((exchange) => exchange['resultStatus'] === 'S')).toEqual([false, false, true]);
  });

  it('is given up after 20 attempts', async () => {
    mpp.answer(CANCEL_PATH, result('U', 'UNKNOWN_EXCEPTION'));
    const { code, id } = await decoded('twin:S;cancelAfter=0ms');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen['cancelCount'] === 20,
    );
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(mpp.seen.filter((call) => call.path === CANCEL_PATH)).toHaveLength(20);
  });

  it('refused with F is not repeated and is a defect', async () => {
    mpp.answer(CANCEL_PATH, result('F', 'PROCESS_FAIL'));
    const { id } = await decoded('twin:S');
    const { json } = await postJson(`${twin.url}/_twin/orders/${id}/cancel`);
    expect(json).toMatchObject({ resultStatus: 'F', resultCode: 'PROCESS_FAIL' });
    expect(await defects()).toEqual(['CANCEL_REFUSED']);
  });

  it('can be sent for an order that the MPP has never seen', async () => {
    const code = unique('twin:S;request=EARLY-1');
    const { json } = await postJson(`${twin.url}/_twin/orders/EARLY-1/cancel`);
    expect(json).toMatchObject({ api: 'cancelPayment', resultStatus: 'S' });
    expect(mpp.seen[0]?.body['paymentRequestId']).toBe('EARLY-1');
    expect((await decode(twin.url, code)).json['paymentRequestId']).toBe('EARLY-1');
    expect(await orderOf(twin, code)).toMatchObject({ status: 'CANCELLED', cancelCount: 1 });
  });
});

describe('inquiryPayment', () => {
  it('returns the answer and records it', async () => {
    mpp.answer(INQUIRY_PATH, inquired(IN_PROCESS));
    const { code, id } = await decoded('twin:S');
    const { json } = await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(json).toMatchObject({ api: 'inquiryPayment', answer: { paymentResult: IN_PROCESS } });
    expect(mpp.seen[0]).toMatchObject({ path: INQUIRY_PATH, isSignatureValid: true });
    expect(await orderOf(twin, code)).toMatchObject({ inquiries: [{ resultStatus: 'S' }] });
  });

  it('accepts no answer of another signer', async () => {
    mpp.answer(INQUIRY_PATH, { ...inquired(PAID), isBadlySigned: true });
    const { id } = await decoded('twin:S');
    const { json } = await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(json).toMatchObject({
      isSignatureValid: false,
      resultStatus: null,
      answer: null,
      fault: expect.any(String),
    });
  });

  it('must agree with the notification', async () => {
    const { order, id } = await decoded('twin:S');
    await notify(twin.url, paidNotification(order));
    const { paymentAmount } = order;
    mpp.answer(INQUIRY_PATH, inquired(PAID, { paymentId: 'MPP-PAY-0001', paymentAmount }));
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(await defects()).toEqual([]);
    mpp.answer(INQUIRY_PATH, inquired(PAID, { paymentId: 'ANOTHER', paymentAmount }));
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    mpp.answer(INQUIRY_PATH, inquired(IN_PROCESS));
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    mpp.answer(INQUIRY_PATH, inquired(CLOSED));
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(await defects()).toEqual(['INQUIRY_DISAGREES', 'INQUIRY_DISAGREES', 'INQUIRY_DISAGREES']);
  });

  it('may say closed for a paid order once it was cancelled', async () => {
    const { order, id } = await decoded('twin:S');
    await notify(twin.url, paidNotification(order));
    await postJson(`${twin.url}/_twin/orders/${id}/cancel`);
    mpp.answer(INQUIRY_PATH, inquired(CLOSED));
    await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
    expect(await defects()).toEqual([]);
  });
});

describe('inquiries at growing gaps', () => {
  beforeEach(async () => {
    await twin.close();
    twin = await startTestTwin({ mppBaseUrl: mpp.url, inquiryGapsMs: [5, 10, 15] });
  });

  /** Nothing more comes for an order when another order, decoded later, has meanwhile been asked for three times. */
  async function whileAnotherIsAsked(): Promise<void> {
    mpp.answer(INQUIRY_PATH, inquired(IN_PROCESS));
    const { code } = await decoded('twin:S');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.inquiries.length >= 3,
    );
  }

  it('go on until there is a final result', async () => {
    const inProcess = inquired(IN_PROCESS);
    mpp.answer(INQUIRY_PATH, inProcess, { body: {}, hangsUp: true }, inProcess, inProcess, inquired(PAID));
    const { code } = await decoded('twin:S');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen['inquiryCount'] === 5,
    );
    await whileAnotherIsAsked();
    expect(await orderOf(twin, code)).toMatchObject({ inquiryCount: 5 });
  });

  it('end with an acknowledged notification', async () => {
    mpp.answer(INQUIRY_PATH, inquired(IN_PROCESS));
    const { code, order } = await decoded('twin:S');
    await eventually(
      () => orderOf(twin, code),
      (seen) => seen.inquiries.length > 1,
    );
    await notify(twin.url, paidNotification(order));
    await whileAnotherIsAsked();
    const { inquiryCount } = await orderOf(twin, code);
    await whileAnotherIsAsked();
    expect(await orderOf(twin, code)).toMatchObject({ status: 'PAID', inquiryCount });
    expect(await defects()).toEqual([]);
  });

  it('end when the order has expired', async () => {
    mpp.answer(INQUIRY_PATH, inquired(IN_PROCESS));
    const { code } = await decoded('twin:S;expire=1ms');
    await whileAnotherIsAsked();
    expect(await orderOf(twin, code)).toMatchObject({ inquiryCount: 1 });
  });
});

it('without an address of the MPP nothing is sent, and a request to send gets a refusal', async () => {
  await postJson(`${twin.url}/_twin/behaviour`, { mppBaseUrl: null });
  const { id } = await decoded('twin:S;cancel=beforeConfirm');
  expect(await postJson(`${twin.url}/_twin/orders/${id}/cancel`)).toMatchObject({ status: 409 });
  await postJson(`${twin.url}/_twin/behaviour`, { mppBaseUrl: `${mpp.url}/` });
  expect(await postJson(`${twin.url}/_twin/orders/${id}/cancel`)).toMatchObject({ status: 200 });
});
