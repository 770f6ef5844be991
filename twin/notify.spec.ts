import type { RunningTwin } from './start-twin.js';
import { getJson, orderOf, startTestTwin, unique } from './test/running-twin.js';
import {
  callTwin,
  decode,
  failedNotification,
  notify,
  NOTIFY_PATH,
  paidNotification,
  type AnswerJson,
} from './test/signed-call.js';
import { TWIN_KEYS } from './test/test-keys.js';

jest.setTimeout(60_000);

let twin: RunningTwin;
beforeAll(async () => {
  twin = await startTestTwin();
});
afterAll(() => twin.close());

interface Decoded {
  readonly code: string;
  readonly order: AnswerJson;
}

async function decoded(script = 'twin:S'): Promise<Decoded> {
  const code = unique(script);
  return { code, order: (await decode(twin.url, code)).json };
}

async function defectsOf(order: AnswerJson): Promise<string[]> {
  const summary = await getJson<{ defects: { kind: string; paymentRequestId: string }[] }>(
    `${twin.url}/_twin/summary`,
  );
  return summary.defects
    .filter((defect) => defect.paymentRequestId === order['paymentRequestId'])
    .map((defect) => defect.kind);
}

describe('a correct notification', () => {
  it('that the order was paid is acknowledged and stored as it was sent', async () => {
    const { code, order } = await decoded();
    const body = JSON.stringify(paidNotification(order), null, 1);
    const answer = await notify(twin.url, body);
    expect(answer).toMatchObject({
      isSignatureValid: true,
      json: { result: { resultStatus: 'S', resultCode: 'SUCCESS' } },
    });
    expect(Object.keys(answer.json)).toEqual(['result']);
    expect(await orderOf(twin, code)).toMatchObject({
      status: 'PAID',
      acknowledged: true,
      acknowledgedResult: 'S',
      notifications: [
        { body, resultStatus: 'S', paymentId: 'MPP-PAY-0001', answered: 'S.SUCCESS', isAccepted: true },
      ],
    });
    expect(await defectsOf(order)).toEqual([]);
  });

  it('that it failed is acknowledged too', async () => {
    const { code, order } = await decoded();
    expect((await notify(twin.url, failedNotification(order))).json.result?.resultStatus).toBe('S');
    expect(await orderOf(twin, code)).toMatchObject({ status: 'FAILED', acknowledgedResult: 'F' });
  });

  it('may come again with its members in another order', async () => {
    const { code, order } = await decoded();
    const notification = paidNotification(order);
    await notify(twin.url, notification);
    const again = Object.fromEntries(Object.entries(notification).toReversed());
    expect((await notify(twin.url, again)).json.result?.resultStatus).toBe('S');
    expect(await orderOf(twin, code)).toMatchObject({ notificationCount: 2 });
    expect(await defectsOf(order)).toEqual([]);
  });

  it('within one currency needs no payToAmount', async () => {
    const { order } = await decoded('twin:S;pay=500HKD');
    const { payToAmount: _unused, ...notification } = paidNotification(order);
    expect((await notify(twin.url, notification)).json.result?.resultStatus).toBe('S');
  });
});

describe('a notification that breaks the rules', () => {
  it.each<[string, (order: AnswerJson) => unknown, string]>([
    [
      'says U',
      (order) => ({
        ...failedNotification(order),
        paymentResult: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
      }),
      'must be S or F',
    ],
    [
      'has no result',
      (order) => ({ ...paidNotification(order), paymentResult: null }),
      'paymentResult is missing',
    ],
    [
      'has a result code that does not fit',
      (order) => ({
        ...paidNotification(order),
        paymentResult: { resultStatus: 'S', resultCode: 'PROCESS_FAIL' },
      }),
      'does not fit',
    ],
    [
      'has no paymentId',
      (order) => ({ ...paidNotification(order), paymentId: null }),
      'paymentId is missing',
    ],
    [
      'has no paymentAmount',
      (order) => ({ ...paidNotification(order), paymentAmount: null }),
      'paymentAmount is missing',
    ],
    [
      'has no payToAmount',
      (order) => ({ ...paidNotification(order), payToAmount: null }),
      'payToAmount is missing',
    ],
    [
      'has no paymentTime',
      (order) => ({ ...paidNotification(order), paymentTime: null }),
      'paymentTime is missing',
    ],
    [
      'has a paymentTime without an offset',
      (order) => ({ ...paidNotification(order), paymentTime: '2025-11-27T11:58:41' }),
      'paymentTime must be',
    ],
    [
      'has another amount',
      (order) => ({ ...paidNotification(order), payToAmount: { value: '8562', currency: 'HKD' } }),
      'payToAmount is not',
    ],
    [
      'has an amount that is a number',
      (order) => ({ ...paidNotification(order), paymentAmount: { value: 1000, currency: 'JPY' } }),
      'must be a string',
    ],
    [
      'has another customer',
      (order) => ({ ...paidNotification(order), customerId: 'customer-2' }),
      'customerId is not',
    ],
    [
      'has a paymentId of 65 characters',
      (order) => ({ ...paidNotification(order), paymentId: 'x'.repeat(65) }),
      'longer than 64',
    ],
    [
      'has an empty text',
      (order) => ({ ...paidNotification(order), passThroughInfo: '' }),
      'must not be empty',
    ],
  ])('because it %s is PARAM_ILLEGAL and a defect', async (_what, make, detail) => {
    const { code, order } = await decoded();
    const answer = await notify(twin.url, make(order));
    expect(answer).toMatchObject({
      isSignatureValid: true,
      json: {
        result: {
          resultStatus: 'F',
          resultCode: 'PARAM_ILLEGAL',
          resultMessage: expect.stringContaining(detail),
        },
      },
    });
    expect(await orderOf(twin, code)).toMatchObject({
      acknowledged: false,
      notifications: [{ isAccepted: false }],
    });
    expect(await defectsOf(order)).toEqual(['NOTIFICATION_ILLEGAL']);
  });

  it.each<[string, object]>([
    [
      'paymentResult',
      { paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'other words' } },
    ],
    ['paymentId', { paymentId: 'MPP-PAY-0002' }],
    ['paymentAmount', { paymentAmount: { value: '999', currency: 'JPY' } }],
    ['payToAmount', { payToAmount: { value: '999', currency: 'HKD' } }],
    ['customerId', { customerId: null }],
  ])('because its %s changed is REPEAT_REQ_INCONSISTENT and a defect', async (field, change) => {
    const { code, order } = await decoded();
    await notify(twin.url, paidNotification(order));
    const answer = await notify(twin.url, { ...paidNotification(order), ...change });
    expect(answer.json.result).toMatchObject({
      resultStatus: 'F',
      resultCode: 'REPEAT_REQ_INCONSISTENT',
      resultMessage: expect.stringContaining(field),
    });
    expect(await defectsOf(order)).toEqual(['NOTIFICATION_INCONSISTENT']);
    expect(await orderOf(twin, code)).toMatchObject({ acknowledgedResult: 'S', notificationCount: 2 });
  });

  it('because it says paid after it said failed is inconsistent, also when the first was not acknowledged', async () => {
    const { order } = await decoded('twin:S;notify=U,S');
    await notify(twin.url, failedNotification(order));
    const answer = await notify(twin.url, paidNotification(order));
    expect(answer.json.result?.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
  });

  it('because its order was never issued is ORDER_NOT_EXIST and a defect', async () => {
    const order = { paymentRequestId: unique('never') };
    const answer = await notify(twin.url, failedNotification(order));
    expect(answer.json.result).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' });
    expect(await defectsOf(order)).toEqual(['NOTIFICATION_FOR_UNKNOWN_ORDER']);
  });

  it('because another key signed it is refused unsigned and not trusted', async () => {
    const { code, order } = await decoded();
    const answer = await callTwin(twin.url, NOTIFY_PATH, paidNotification(order), {
      privateKey: TWIN_KEYS.privateKey,
    });
    expect(answer).toMatchObject({ isSigned: false, json: { result: { resultCode: 'INVALID_SIGNATURE' } } });
    expect(await orderOf(twin, code)).toMatchObject({ status: 'DECODED', notificationCount: 0 });
  });
});

describe('a scripted answer to notifications', () => {
  it('goes through its steps and repeats the last', async () => {
    const { code, order } = await decoded('twin:S;notify=F.PROCESS_FAIL,U,S');
    const seen: (string | undefined)[] = [];
    for (let call = 0; call < 4; call += 1) {
      seen.push((await notify(twin.url, paidNotification(order))).json.result?.resultCode);
    }
    expect(seen).toEqual(['PROCESS_FAIL', 'UNKNOWN_EXCEPTION', 'SUCCESS', 'SUCCESS']);
    expect(await orderOf(twin, code)).toMatchObject({ acknowledgedResult: 'S', notificationCount: 4 });
  });

  it.each<[string, object]>([
    ['U', { isSignatureValid: true, json: { result: { resultStatus: 'U' } } }],
    [
      'F.ORDER_IS_CLOSED',
      { isSignatureValid: true, json: { result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' } } },
    ],
    ['500', { httpStatus: 500 }],
    ['200html', { httpStatus: 200, isSigned: false, text: expect.stringContaining('<h1>') }],
    ['unsigned', { isSigned: false, json: { result: { resultStatus: 'S' } } }],
    ['badsig', { isSigned: true, isSignatureValid: false, json: { result: { resultStatus: 'S' } } }],
    ['garbage', { isSignatureValid: true, json: {} }],
    ['empty', { httpStatus: 200, isSignatureValid: true, text: '' }],
    ['redirect', { httpStatus: 307 }],
  ])('%s does not acknowledge', async (step, expected) => {
    const { code, order } = await decoded(`twin:S;notify=${step}`);
    expect(await notify(twin.url, paidNotification(order))).toMatchObject(expected);
    expect(await orderOf(twin, code)).toMatchObject({ acknowledged: false, notificationCount: 1 });
  });

  it('huge is a signed success that no one should read to the end', async () => {
    const { code, order } = await decoded('twin:S;notify=huge');
    const answer = await notify(twin.url, paidNotification(order));
    expect(answer.text.length).toBeGreaterThan(4_000_000);
    expect(answer.isSignatureValid).toBe(true);
    expect(await orderOf(twin, code)).toMatchObject({ acknowledged: false });
  });

  it('drop hangs up', async () => {
    const { code, order } = await decoded('twin:S;notify=drop,S');
    await expect(notify(twin.url, paidNotification(order))).rejects.toThrow('fetch failed');
    expect(await orderOf(twin, code)).toMatchObject({ acknowledged: false, notificationCount: 1 });
    expect((await notify(twin.url, paidNotification(order))).json.result?.resultStatus).toBe('S');
  });

  it('slow acknowledges in the end, to a caller who waits', async () => {
    const { code, order } = await decoded('twin:S;notify=slow:50ms');
    expect((await notify(twin.url, paidNotification(order))).json.result?.resultStatus).toBe('S');
    expect(await orderOf(twin, code)).toMatchObject({ acknowledged: true });
  });

  it('redirect leads to a place where following it is a defect', async () => {
    const { order } = await decoded('twin:S;notify=redirect');
    const answer = await notify(twin.url, paidNotification(order));
    const location = answer.headers.get('location') ?? '';
    await callTwin(twin.url, location, paidNotification(order));
    const summary = await getJson<{ defects: { kind: string }[] }>(`${twin.url}/_twin/summary`);
    expect(summary.defects.map((defect) => defect.kind)).toContain('REDIRECT_FOLLOWED');
  });
});

it('an order notified without end stays small and keeps its first and latest notifications', async () => {
  const { code, order } = await decoded('twin:S;notify=U');
  for (let call = 0; call < 70; call += 1) await notify(twin.url, paidNotification(order));
  const row = await orderOf(twin, code);
  expect(row['notificationCount']).toBe(70);
  expect(row.notifications).toHaveLength(50);
});
