import { ApiClient } from '../support/service/api-client.js';
import { signedCall } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

const PATH = '/aps/api/v1/payments/inquiryPayment';
const CLIENT = { 'client-id': 'TEST_5X00000000000000' };

let test: TestService;
beforeAll(async () => {
  test = await startTestService({
    environment: { ROLE: 'api', LIMIT_FAILED_SIGN_INS_PER_MINUTE: '0', LOG_LEVEL: 'error' },
  });
});
afterAll(() => test.stop());

const ask = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${test.url}${path}`, {
    method: 'POST',
    body: '{}',
    headers: CLIENT,
    ...init,
  });
  const { result } = (await response.json()) as { result: { resultCode: string } }; // every answer there has one
  return { code: result.resultCode, signature: response.headers.get('signature') };
};

describe('a stranger', () => {
  it('gets no signature over a query or a method of their own', async () => {
    expect(await ask(`${PATH}?text=of-my-choice`)).toEqual({ code: 'INVALID_SIGNATURE', signature: null });
    const other = await ask(`${PATH}?text=of-my-choice`, { method: 'PUT' });
    expect(other).toEqual({ code: 'METHOD_NOT_SUPPORTED', signature: null });
    const large = await ask(`${PATH}?text=of-my-choice`, { body: 'x'.repeat(300_000) });
    expect(large).toEqual({ code: 'PARAM_ILLEGAL', signature: null });
  });

  it('gets the same signed refusal of a path, for any number and content of requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => ask(PATH, { body: `{"text":"${at}"}` })),
    );
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['INVALID_SIGNATURE']));
    // A refusal is signed anew each second.
    expect(new Set(answers.map(({ signature }) => signature)).size).toBeLessThan(10);
    expect(answers.every(({ signature }) => signature !== null)).toBe(true);
  });

  it('is answered by a signature that holds, for the path by itself', async () => {
    const wrong = { target: PATH, sent: Buffer.from('{"other":"body"}') };
    const reply = await signedCall(test, wrong);
    expect(reply).toMatchObject({ resultCode: 'INVALID_SIGNATURE', isSigned: true });
    const put = await signedCall(test, { target: PATH, method: 'PUT' });
    expect(put).toMatchObject({ resultCode: 'METHOD_NOT_SUPPORTED', isSigned: true });
  });

  it('costs no more CPU than one without a token', async () => {
    const nobody = new ApiClient(test.url, 'no-such-token');
    const cpuOf = async (call: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 10 }, call));
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const unauthenticated = () => nobody.send('POST', '/v1/scans', '{}');
    const unsigned = () => ask(PATH);
    await cpuOf(unauthenticated);
    await cpuOf(unsigned);
    // Both include the same client; a signature for each would be several times as much.
    expect(await cpuOf(unsigned)).toBeLessThan(1.5 * (await cpuOf(unauthenticated)));
  });
});

describe('Alipay+ itself', () => {
  it('is answered signed with a query too, since it signed the query', async () => {
    const reply = await signedCall(test, { target: `${PATH}?a=b` });
    expect(reply).toMatchObject({ status: 200, isSigned: true });
    expect(reply.resultCode).not.toBe('INVALID_SIGNATURE');
  });
});
