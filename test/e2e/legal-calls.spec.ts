import { gzipSync } from 'node:zlib';
import { anInquiry, signedCall } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

describe('Alipay+ calls in any form that HTTP allows', () => {
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
  ])('a verified call is accepted with the content type %s', async (type) => {
    const headers = { 'content-type': type };
    expect(await signedCall(test, { target: INQUIRY, headers })).toMatchObject(believed);
  });

  it('a verified call is accepted without a content type, in chunks, and compressed by a proxy', async () => {
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
    for (const [target, signed] of [
      [`HTTP://${host}${INQUIRY}`, INQUIRY],
      [`http://somebody:secret@mpp.example:8443${INQUIRY}`, INQUIRY],
      [`https://MPP.EXAMPLE:443${INQUIRY}?a=b&c=/d`, `${INQUIRY}?a=b&c=/d`],
      [`http://[2001:db8::1]:8080${INQUIRY}`, INQUIRY],
    ] as const)
      expect(await signedCall(test, { target, signed })).toMatchObject(believed);
    const whole = `http://${host}${INQUIRY}`;
    expect(await signedCall(test, { target: whole, signed: whole })).toMatchObject({
      resultCode: 'INVALID_SIGNATURE',
    });
    const live = await signedCall(test, {
      method: 'GET',
      target: `http://${host}/health/live`,
      body: Buffer.alloc(0),
    });
    expect(live.status).toBe(200);
  });

  it.each([
    ['another number', 'algorithm=RSA256,keyVersion=2,signature=@'],
    ['a number with a zero before it', 'algorithm=RSA256,keyVersion=01,signature=@'],
    ['no number', 'algorithm=RSA256,keyVersion=,signature=@'],
    ['a word', 'algorithm=RSA256,keyVersion=v1,signature=@'],
    ['a negative number', 'algorithm=RSA256,keyVersion=-1,signature=@'],
    ['a number of many digits', `algorithm=RSA256,keyVersion=${'9'.repeat(300)},signature=@`],
    ['no key version', 'algorithm=RSA256,signature=@'],
    ['no algorithm', 'keyVersion=1,signature=@'],
    ['an algorithm without a name', 'algorithm=,keyVersion=1,signature=@'],
    ['its parts in another order', 'signature=@,keyVersion=1,algorithm=RSA256'],
    ['blanks and capitals', ' Algorithm = rsa256 ,  KEYVERSION = 1 , Signature = @ '],
    ['a part that nobody knows', 'algorithm=RSA256,keyVersion=1,nonce=a=b,signature=@'],
  ])('a valid signature is accepted with %s in its header', async (_what, label) => {
    expect(await signedCall(test, { target: INQUIRY, label })).toMatchObject(believed);
  });

  it.each([
    ['two signatures', 'algorithm=RSA256,keyVersion=1,signature=@,signature=@'],
    ['another algorithm', 'algorithm=ECC224,keyVersion=1,signature=@'],
    ['a signature that is cut', 'algorithm=RSA256,keyVersion=1,signature=AAAA'],
    ['no signature', 'algorithm=RSA256,keyVersion=1,signature='],
  ])('a call is refused with %s in its signature header', async (_what, label) => {
    expect(await signedCall(test, { target: INQUIRY, label })).toMatchObject({
      resultCode: 'INVALID_SIGNATURE',
      isSigned: true,
    });
  });

  it('a body that is too large or unreadable gets a signed PARAM_ILLEGAL', async () => {
    const illegal = { status: 200, resultCode: 'PARAM_ILLEGAL', isSigned: true };
    for (const body of [Buffer.alloc(300_000, 'x'), Buffer.from('{}'), Buffer.from('[['), Buffer.alloc(0)])
      expect(await signedCall(test, { target: CANCEL, body })).toMatchObject(illegal);
  });
});
