import type { RunningTwin } from './start-twin.js';
import { getJson, orderOf, postJson, startTestTwin, unique } from './test/running-twin.js';
import { decode, notify, paidNotification } from './test/signed-call.js';
import { makeKeyPair, TWIN_KEYS } from './test/test-keys.js';

jest.setTimeout(60_000);

let twin: RunningTwin;
beforeEach(async () => {
  twin = await startTestTwin();
});
afterEach(() => twin.close());

function behave(change: object): Promise<{ status: number; json: unknown }> {
  return postJson(`${twin.url}/_twin/behaviour`, change);
}

describe('trouble for all calls', () => {
  it('down hangs up on each call until it ends', async () => {
    const code = unique('twin:S');
    await behave({ down: true });
    await expect(decode(twin.url, code)).rejects.toThrow('fetch failed');
    await behave({ down: false });
    expect((await decode(twin.url, code)).json.result?.resultStatus).toBe('S');
  });

  it('throttling answers every code and uses no step of a script', async () => {
    const code = unique('twin:U,S');
    await behave({ everyUserInitiatedPay: 'U.REQUEST_TRAFFIC_EXCEED_LIMIT' });
    expect((await decode(twin.url, code)).json.result?.resultCode).toBe('REQUEST_TRAFFIC_EXCEED_LIMIT');
    expect((await decode(twin.url, code)).json.result?.resultCode).toBe('REQUEST_TRAFFIC_EXCEED_LIMIT');
    await behave({ everyUserInitiatedPay: null });
    expect((await decode(twin.url, code)).json.result?.resultCode).toBe('UNKNOWN_EXCEPTION');
    expect((await decode(twin.url, code)).json.result?.resultCode).toBe('SUCCESS');
  });

  it('can be for notifications only', async () => {
    const code = unique('twin:S');
    const order = (await decode(twin.url, code)).json;
    await behave({ everyNotification: '500' });
    expect((await notify(twin.url, paidNotification(order))).httpStatus).toBe(500);
    expect(await orderOf(twin, code)).toMatchObject({ acknowledged: false });
    await behave({ everyNotification: null });
    expect((await notify(twin.url, paidNotification(order))).json.result?.resultStatus).toBe('S');
  });

  it.each([
    ['unsigned', { isSigned: false, json: { result: { resultStatus: 'S' } } }],
    ['badsig', { isSigned: true, isSignatureValid: false, json: { result: { resultStatus: 'S' } } }],
    ['garbage', { isSignatureValid: true, json: {} }],
  ])('a fault is in every answer: %s', async (everyAnswer, expected) => {
    const code = unique('twin:S');
    await behave({ everyAnswer });
    expect(await decode(twin.url, code)).toMatchObject(expected);
    await behave({ everyAnswer: null });
    const told = await decode(twin.url, code);
    expect(told).toMatchObject({ isSignatureValid: true, json: { result: { resultStatus: 'S' } } });
    await behave({ everyAnswer });
    expect(await notify(twin.url, paidNotification(told.json))).toMatchObject(expected);
  });

  it('slowness delays each answer', async () => {
    await behave({ slowMs: 3_600_000 });
    const waiting = decode(twin.url, unique('twin:S'));
    waiting.catch(() => undefined);
    const first = await Promise.race([waiting.then(() => 'answered'), getJson(`${twin.url}/_twin/summary`)]);
    expect(first).not.toBe('answered');
    await twin.close();
    await expect(waiting).rejects.toThrow('fetch failed');
    twin = await startTestTwin();
  });

  it.each([
    [{ down: 'yes' }],
    [{ everyAnswer: 'sometimes' }],
    [{ keyVersion: '2' }],
    [{ slowMs: -1 }],
    [{ slowMs: 1.5 }],
    [{ everyUserInitiatedPay: 'X' }],
    [{ everyNotification: 'never' }],
    [{ mppBaseUrl: 'ftp://x' }],
    [{ nonsense: true }],
  ])('%j is refused and changes nothing', async (change) => {
    expect(await behave({ slowMs: 1, ...change })).toMatchObject({ status: 400 });
    expect(await getJson(`${twin.url}/_twin/behaviour`)).toEqual({
      down: false,
      slowMs: 0,
      everyUserInitiatedPay: null,
      everyNotification: null,
      everyAnswer: null,
      mppBaseUrl: null,
      keyVersion: '1',
    });
  });
});

describe('a rotation of keys', () => {
  it('signs with the other key from one answer to the next, and back', async () => {
    const other = makeKeyPair();
    await twin.close();
    twin = await startTestTwin({ privateKey: { 1: TWIN_KEYS.privateKey, 2: other.privateKey } });
    const versions: unknown[] = [];
    for (const keyVersion of ['1', '2', '1']) {
      expect((await behave({ keyVersion })).status).toBe(200);
      const answer = await decode(twin.url, unique('twin:S'));
      versions.push([
        /keyVersion=(\d+)/.exec(answer.headers.get('signature') ?? '')?.[1],
        answer.isSignatureValid,
      ]);
    }
    expect(versions).toEqual([
      ['1', true],
      ['2', false],
      ['1', true],
    ]);
  });
});

describe('the books', () => {
  it('show each call with its answer', async () => {
    const code = unique('twin:U,S');
    await decode(twin.url, code);
    await decode(twin.url, code);
    const calls = await getJson(`${twin.url}/_twin/calls?codeValue=${encodeURIComponent(code)}`);
    const call = {
      method: 'POST',
      path: '/aps/api/v1/payments/userInitiatedPay',
      codeValue: code,
      customerId: 'customer-1',
      httpStatus: 200,
      signatureValid: true,
      bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      requestTime: expect.stringMatching(/^\d{4}-/),
      inFlight: 1,
      maxInFlight: 1,
    };
    expect(calls).toMatchObject([
      { ...call, resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' },
      { ...call, resultStatus: 'S', resultCode: 'SUCCESS' },
    ]);
  });

  it('find an order by its id and list all of them, in more than one piece', async () => {
    const codes = Array.from({ length: 230 }, () => unique('twin:S'));
    const orders = await Promise.all(codes.map((code) => decode(twin.url, code)));
    const rows = await getJson<{ codeValue: string }[]>(`${twin.url}/_twin/orders`);
    expect(rows.map((row) => row.codeValue).toSorted()).toEqual(codes.toSorted());
    const id = String(orders[7]?.json['paymentRequestId']);
    const found = await getJson<{ codeValue: string }[]>(`${twin.url}/_twin/orders?paymentRequestId=${id}`);
    expect(found.map((row) => row.codeValue)).toEqual([codes[7]]);
    expect(await getJson(`${twin.url}/_twin/orders?paymentRequestId=none`)).toEqual([]);
  });

  it('are counted in the summary and emptied by a reset', async () => {
    const order = (await decode(twin.url, unique('twin:S'))).json;
    await decode(twin.url, unique('twin:F'));
    await notify(twin.url, paidNotification(order));
    expect(await getJson(`${twin.url}/_twin/summary`)).toMatchObject({
      codes: 2,
      userInitiatedPayCalls: 2,
      orders: { DECODED: 0, PAID: 1 },
      notifications: 1,
      acknowledgedS: 1,
      defectCount: 0,
      maxInFlightPerCode: 1,
      answers: {
        'userInitiatedPay S.SUCCESS': 1,
        'userInitiatedPay F.PROCESS_FAIL': 1,
        'notifyPayment S.SUCCESS': 1,
      },
    });
    await behave({ slowMs: 1 });
    await postJson(`${twin.url}/_twin/reset`);
    expect(await getJson(`${twin.url}/_twin/summary`)).toMatchObject({
      codes: 0,
      notifications: 0,
      answers: {},
    });
    expect(await getJson(`${twin.url}/_twin/orders`)).toEqual([]);
    expect(await getJson(`${twin.url}/_twin/calls`)).toEqual([]);
    expect(await getJson(`${twin.url}/_twin/behaviour`)).toMatchObject({ slowMs: 0 });
  });

  it('have a page that explains them', async () => {
    const text = await (await fetch(`${twin.url}/_twin`)).text();
    expect(text).toContain('twin:U,U,S');
  });

  it('are closed to web pages, and report an unknown path', async () => {
    const page = await fetch(`${twin.url}/_twin/reset`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
    });
    expect(page.status).toBe(403);
    expect((await fetch(`${twin.url}/_twin/nothing`)).status).toBe(404);
    expect((await fetch(`${twin.url}/_twin/reset`)).status).toBe(404);
  });
});
