import { gzipSync } from 'node:zlib';
import { anInquiry, signedCall } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

describe('Alipay+ calls in whatever form it legally may', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());
  const INQUIRY = '/aps/api/v1/payments/inquiryPayment';
  const CANCEL = '/aps/api/v1/payments/cancelPayment';
  const believed = { status: 200, resultCode: 'ORDER_NOT_EXIST', isSigned: true };

  it.each([
    ['text/plain'],
    ['application/json'],
    ['application/json; charset=UTF-8'],
    ['application/json;charset=gbk'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data'],
    ['nonsense'],
    ['*/*'],
    [';;;'],
  ])('a verified call is believed with the content type %s', async (type) => {
    const headers = { 'content-type': type };
    expect(await signedCall(test, { target: INQUIRY, headers })).toMatchObject(believed);
  });

  it('a verified call is believed without any content type, in chunks, and compressed on its way', async () => {
    expect(await signedCall(test, { target: INQUIRY })).toMatchObject(believed);
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(await signedCall(test, { target: INQUIRY, headers: chunked })).toMatchObject(believed);
    const body = anInquiry();
    const gzip = { target: INQUIRY, body, sent: gzipSync(body), headers: { 'content-encoding': 'gzip' } };
    expect(await signedCall(test, gzip)).toMatchObject(believed);
    const wrongLabel = { 'content-encoding': 'gzip' };
    expect(await signedCall(test, { target: INQUIRY, headers: wrongLabel })).toMatchObject(believed);
    const noEncoding = { 'content-encoding': 'UTF-8' };
    expect(await signedCall(test, { target: INQUIRY, headers: noEncoding })).toMatchObject(believed);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    'the method %s gets a signed METHOD_NOT_SUPPORTED',
    async (method) => {
      for (const target of [INQUIRY, CANCEL])
        expect(await signedCall(test, { method, target })).toEqual({
          status: 200,
          resultCode: 'METHOD_NOT_SUPPORTED',
          allow: 'POST',
          isSigned: true,
        });
    },
  );

  it('an address in absolute form is the same path, for a call and for everything else', async () => {
    const { host } = new URL(test.url);
    for (const [target, signed] of [
      [`http://${host}${INQUIRY}`, INQUIRY],
      [`https://mpp.example${INQUIRY}?x=1`, `${INQUIRY}?x=1`],
    ] as const)
      expect(await signedCall(test, { target, signed })).toMatchObject(believed);
    const live = await signedCall(test, {
      method: 'GET',
      target: `http://${host}/health/live`,
      body: Buffer.alloc(0),
    });
    expect(live.status).toBe(200);
  });

  it('a body larger than any message gets a signed PARAM_ILLEGAL, and so does one that cannot be read', async () => {
    const illegal = { status: 200, resultCode: 'PARAM_ILLEGAL', isSigned: true };
    for (const body of [Buffer.alloc(300_000, 'x'), Buffer.from('{}'), Buffer.from('[['), Buffer.alloc(0)])
      expect(await signedCall(test, { target: CANCEL, body })).toMatchObject(illegal);
  });
});

describe('a proxy that takes a prefix off the path', () => {
  it('is made up for: what was signed is verified, and the answer is signed alike', async () => {
    const test = await startTestService({ environment: { ALIPAYPLUS_PUBLIC_PATH_PREFIX: '/mpp/v1' } });
    try {
      const target = '/aps/api/v1/payments/inquiryPayment';
      const behind = { target, signed: `/mpp/v1${target}` };
      expect(await signedCall(test, behind)).toMatchObject({ resultCode: 'ORDER_NOT_EXIST', isSigned: true });
      expect(await signedCall(test, { target })).toMatchObject({ resultCode: 'INVALID_SIGNATURE' });
      expect(await signedCall(test, { ...behind, method: 'GET' })).toMatchObject({
        resultCode: 'METHOD_NOT_SUPPORTED',
        isSigned: true,
      });
    } finally {
      await test.stop();
    }
  });
});
