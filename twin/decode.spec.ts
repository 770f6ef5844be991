import { request as httpRequest, type ClientRequest } from 'node:http';
import { orderOf, eventually, getJson, startTestTwin, unique } from './test/running-twin.js';
import { decode, PAY_PATH, signedHeaders } from './test/signed-call.js';
import type { RunningTwin } from './start-twin.js';

jest.setTimeout(60_000);

let twin: RunningTwin;
beforeAll(async () => {
  twin = await startTestTwin();
});
afterAll(() => twin.close());

describe('a decoded code', () => {
  it('has every field of a success, signed', async () => {
    const answer = await decode(twin.url, unique('twin:S'));
    expect(answer).toMatchObject({ httpStatus: 200, isSignatureValid: true });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(answer.json).toMatchObject({
      result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
      acquirerId: expect.stringMatching(/^\d{1,64}$/),
      pspId: expect.stringMatching(/^\d{1,64}$/),
      codeType: 'ORDER_CODE',
      paymentRequestId: expect.stringMatching(/^.{1,64}$/),
      order: {
        referenceOrderId: expect.any(String),
        orderDescription: expect.any(String),
        orderAmount: { value: '1000', currency: 'JPY' },
        merchant: {
          merchantName: 'Kissa Twin 珈琲店',
          merchantDisplayName: 'Kissa Twin 珈琲店',
          merchantMCC: expect.any(String),
          merchantAddress: { region: 'JP' },
          store: { referenceStoreId: expect.any(String), storeName: expect.any(String) },
        },
      },
      paymentAmount: { value: '1000', currency: 'JPY' },
      payToAmount: { value: '8561', currency: 'HKD' },
      paymentQuote: { quoteId: expect.any(String), quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' },
      paymentFactor: { isInStorePayment: 'true', isCashierPayment: 'true' },
      paymentNotifyUrl: `${twin.url}/aps/api/v1/payments/notifyPayment`,
      actionForm: { actionType: 'HANDLE_BY_PSP' },
    });
    expect(answer.json).not.toHaveProperty('surchargeInfo');
    expect(answer.json).not.toHaveProperty('paymentPromoInfo');
  });

  it('may be a plain one, which is read as twin:S', async () => {
    const answer = await decode(twin.url, 'https://qr.alipayplus.com/281666130000000000000001');
    expect(answer.json.result?.resultStatus).toBe('S');
  });

  it('expires ten minutes after its first success, or when the script says', async () => {
    const before = Date.now();
    const plain = await decode(twin.url, unique('twin:S'));
    const short = await decode(twin.url, unique('twin:S;expire=20s;quoteExpire=5s'));
    const expiry = (value: unknown): number => Date.parse(String(value)) - before;
    expect(String(plain.json['paymentExpiryTime'])).toMatch(/\+08:00$/);
    expect(expiry(plain.json['paymentExpiryTime'])).toBeGreaterThanOrEqual(600_000);
    expect(expiry(short.json['paymentExpiryTime'])).toBeGreaterThanOrEqual(20_000);
    expect(expiry(short.json['paymentExpiryTime'])).toBeLessThan(600_000);
    const quote = short.json['paymentQuote'];
    expect(quote).toMatchObject({ quoteExpiryTime: expect.stringMatching(/\+08:00$/) });
  });

  it.each([
    ['cashier', { paymentFactor: { isInStorePayment: 'false', isCashierPayment: 'true' } }],
    ['sdk', { actionForm: { actionType: 'HANDLE_BY_SDK', sdkActionPayload: expect.any(String) } }],
    ['flag=needOtpVerification', { paymentFactor: { needOtpVerification: 'true' } }],
    ['flag=isAuthorizationAndPay', { authorizationInfo: { authClientId: expect.any(String) } }],
    ['redirect=https%3A%2F%2Fshop.example', { paymentRedirectUrl: 'https://shop.example' }],
    ['pass=a%3Db', { passThroughInfo: 'a=b' }],
    ['merchant=Caf%C3%A9', { order: { merchant: { merchantName: 'Café' } } }],
    [
      'surcharge=8916HKD',
      {
        surchargeInfo: { surchargeAmount: { value: '8916', currency: 'HKD' } },
        paymentFactor: { needSurcharge: 'true' },
      },
    ],
    [
      'promo=5JPY',
      {
        paymentAmount: { value: '995', currency: 'JPY' },
        payToAmount: { value: '8518', currency: 'HKD' },
        paymentPromoInfo: { paymentPromoDetails: [{ savingsAmount: { value: '43', currency: 'HKD' } }] },
      },
    ],
    ['set=paymentAmount.value:7', { paymentAmount: { value: 7, currency: 'JPY' } }],
  ])('has the fields that ;%s sets', async (directive, expected) => {
    const answer = await decode(twin.url, unique(`twin:S;${directive}`));
    expect(answer.json).toMatchObject(expected);
  });

  it('has no quote within one currency, and no expiry when it is an evaluation', async () => {
    const same = await decode(twin.url, unique('twin:S;pay=500HKD'));
    expect(same.json).not.toHaveProperty('paymentQuote');
    const evaluation = await decode(twin.url, unique('twin:S;flag=isPaymentEvaluation'));
    expect(evaluation.json).not.toHaveProperty('paymentExpiryTime');
  });

  it('carries as many goods as asked for', async () => {
    const answer = await decode(twin.url, unique('twin:S;goods=100'));
    expect(answer.json['order']).toMatchObject({ goods: { length: 100 } });
  });
});

describe('the same code again', () => {
  it('is the same order, byte for byte', async () => {
    const code = unique('twin:U,S;promo=5JPY;quoteExpire=5s');
    const unknown = await decode(twin.url, code);
    const [first, second] = [await decode(twin.url, code), await decode(twin.url, code)];
    expect(unknown.json.result?.resultStatus).toBe('U');
    expect(first.json.result?.resultStatus).toBe('S');
    expect(second.text).toBe(first.text);
  });

  it('is one order when decoded several times at once', async () => {
    const code = unique('twin:S');
    const answers = await Promise.all(Array.from({ length: 20 }, () => decode(twin.url, code)));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(await orderOf(twin, code)).toMatchObject({ calls: 20 });
  });

  it('belongs to the first customer who scanned it, even while it was unknown', async () => {
    const code = unique('twin:U,S');
    await decode(twin.url, code, 'customer-1');
    const other = await decode(twin.url, code, 'customer-2');
    expect(other).toMatchObject({
      isSignatureValid: true,
      json: { result: { resultStatus: 'F', resultCode: 'REPEAT_REQ_INCONSISTENT' } },
    });
    expect(other.json).not.toHaveProperty('paymentRequestId');
    expect((await decode(twin.url, code, 'customer-1')).json.result?.resultStatus).toBe('S');
  });

  it('may be the order of another code, when both force one id', async () => {
    const [first, second] = [unique('twin:S;request=SHARED-1'), unique('twin:S;request=SHARED-1')];
    const answers = [await decode(twin.url, first), await decode(twin.url, second)];
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect(answers[0]?.json['paymentRequestId']).toBe('SHARED-1');
    expect(await orderOf(twin, second)).toMatchObject({ codeValues: [first, second], calls: 2 });
  });
});

describe('a scripted answer', () => {
  it('takes its steps in turn and repeats the last', async () => {
    const code = unique('twin:U,U.REQUEST_TRAFFIC_EXCEED_LIMIT,F.EXPIRED_CODE');
    const seen: (string | undefined)[] = [];
    for (let call = 0; call < 4; call += 1) seen.push((await decode(twin.url, code)).json.result?.resultCode);
    expect(seen).toEqual([
      'UNKNOWN_EXCEPTION',
      'REQUEST_TRAFFIC_EXCEED_LIMIT',
      'EXPIRED_CODE',
      'EXPIRED_CODE',
    ]);
    expect(await orderOf(twin, code)).toMatchObject({ status: 'REJECTED', paymentRequestId: null, calls: 4 });
  });

  it('with an unknown directive is INVALID_CODE and says why', async () => {
    const answer = await decode(twin.url, unique('twin:S;frobnicate'));
    expect(answer.json.result).toMatchObject({
      resultStatus: 'F',
      resultCode: 'INVALID_CODE',
      resultMessage: expect.stringContaining('frobnicate'),
    });
  });

  it('drops the connection at the named call only', async () => {
    const code = unique('twin:S;drop@1');
    await expect(decode(twin.url, code)).rejects.toThrow('fetch failed');
    expect((await decode(twin.url, code)).json.result?.resultStatus).toBe('S');
  });

  it.each([
    ['unsigned', { isSigned: false, json: { result: { resultStatus: 'S' } } }],
    ['badsig', { isSigned: true, isSignatureValid: false, json: { result: { resultStatus: 'S' } } }],
    ['garbage', { isSignatureValid: true, json: {} }],
    ['http=503', { httpStatus: 503, isSignatureValid: true, json: { result: { resultStatus: 'S' } } }],
    ['http=302', { httpStatus: 302 }],
  ])('can be %s', async (directive, expected) => {
    expect(await decode(twin.url, unique(`twin:S;${directive}`))).toMatchObject(expected);
  });

  it('redirects to an address where following it is noticed', async () => {
    const answer = await decode(twin.url, unique('twin:S;http=307'));
    expect(answer.headers.get('location')).toBe(`${PAY_PATH}?followed=1`);
  });

  it('that is slow counts as in flight until it is answered or the caller hangs up', async () => {
    const code = unique('twin:S;slow=1h@1');
    const slow = openCall(code);
    await eventually(
      () => callsFor(code),
      (calls) => calls.length === 1,
    );
    await decode(twin.url, code);
    expect(await callsFor(code)).toMatchObject([{ inFlight: 1 }, { inFlight: 2 }]);
    expect(await orderOf(twin, code)).toMatchObject({ maxInFlight: 2 });
    slow.destroy();
    await eventually(
      () => decode(twin.url, code).then(() => callsFor(code)),
      (calls) => calls.at(-1)?.inFlight === 1,
    );
  });
});

function callsFor(code: string): Promise<{ inFlight: number }[]> {
  return getJson(`${twin.url}/_twin/calls?codeValue=${encodeURIComponent(code)}`);
}

/** A signed call whose caller may hang up at any time. */
function openCall(codeValue: string): ClientRequest {
  const body = JSON.stringify({ codeValue, customerId: 'customer-1' });
  const call = httpRequest(`${twin.url}${PAY_PATH}`, {
    method: 'POST',
    headers: signedHeaders('POST', PAY_PATH, body),
  });
  call.on('error', () => undefined);
  call.end(body);
  return call;
}
