import { verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { OWN_FAULT_CODES } from '../codes/result-codes.js';
import { CLIENT_ID, ClientFixture } from '../spec-support/client-fixture.js';
import { publishedAnswer, surchargedAnswer } from '../spec-support/published-answers.js';
import { signatureHeaders, type Script } from '../spec-support/signing-responder.js';

const PATH = '/aps/api/v1/payments/userInitiatedPay';
const REQUEST = Buffer.from('{"codeValue":"https://qr.alipayplus.com/2816","customerId":"2088"}');
const SUCCESS = JSON.stringify(publishedAnswer());
const resultOf = (resultStatus: string, resultCode: string) =>
  JSON.stringify({ result: { resultStatus, resultCode, resultMessage: 'words' } });

describe('AlipayPlusClient', () => {
  const fixture = new ClientFixture();
  const { responder } = fixture;
  beforeAll(() => fixture.start());
  afterAll(() => fixture.stop());
  beforeEach(() => {
    responder.requests.length = 0;
    fixture.logged.length = 0;
  });

  async function ask(script: Script, environment: Record<string, string> = {}) {
    responder.script = script;
    return await fixture.client(environment).userInitiatedPay(REQUEST);
  }

  describe('the request', () => {
    it('is the given bytes, with headers Alipay+ can verify', async () => {
      await ask({ body: SUCCESS });
      const [request] = responder.requests;
      expect(request).toMatchObject({ method: 'POST', url: PATH, body: REQUEST });
      expect(request?.headers).toMatchObject({
        'client-id': CLIENT_ID,
        'content-type': 'application/json; charset=UTF-8',
        'content-length': String(REQUEST.length),
        'accept-encoding': 'identity',
        'request-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
      });
      const [algorithm, version, signature = ''] = String(request?.headers.signature).split(',');
      expect([algorithm, version]).toEqual(['algorithm=RSA256', 'keyVersion=1']);
      const text = `POST ${PATH}\n${CLIENT_ID}.${String(request?.headers['request-time'])}.${REQUEST.toString()}`;
      const bytes = Buffer.from(decodeURIComponent(signature.slice('signature='.length)), 'base64');
      expect(verify('RSA-SHA256', Buffer.from(text), fixture.own.publicKey, bytes)).toBe(true);
    });

    it('goes to the configured path, signed with the configured version', async () => {
      const environment = { ALIPAYPLUS_USER_INITIATED_PAY_PATH: '/other/path', ALIPAYPLUS_KEY_VERSION: '3' };
      const exchange = await ask({ body: SUCCESS }, environment);
      expect(responder.requests[0]?.url).toBe('/other/path');
      expect(responder.requests[0]?.headers.signature).toContain('keyVersion=3');
      expect(exchange.keyVersion).toBe('3');
    });

    it('reads past 100 Continue that it never asked for, also on a connection that it uses again', async () => {
      const client = fixture.client();
      for (const count of [1, 2, 0, 1]) {
        const before = (response: ServerResponse): void => {
          for (let at = 0; at < count; at += 1) response.writeContinue();
        };
        responder.script = { body: SUCCESS, before };
        expect(await client.userInitiatedPay(REQUEST)).toMatchObject({ outcome: 'accepted' });
      }
    });

    it('reuses its connection', async () => {
      const client = fixture.client();
      responder.script = { body: SUCCESS };
      const before = responder.connections;
      for (let turn = 0; turn < 10; turn += 1) await client.userInitiatedPay(REQUEST);
      // A connection rests until the next turn of the event loop. A call that is signed sooner opens a second one.
      expect(responder.connections - before).toBeLessThanOrEqual(2);
    });

    it('ignores a proxy named by the environment', async () => {
      process.env.http_proxy = 'http://127.0.0.1:1';
      try {
        expect(await ask({ body: SUCCESS })).toMatchObject({ outcome: 'accepted' });
      } finally {
        delete process.env.http_proxy;
      }
    });
  });

  describe('an accepted answer', () => {
    it('is read, with all its evidence', async () => {
      const exchange = await ask({ body: JSON.stringify(surchargedAnswer()) });
      expect(exchange).toMatchObject({
        outcome: 'accepted',
        resultCode: 'SUCCESS',
        resultMessage: 'success',
        httpStatus: 200,
        keyVersion: '1',
        responseTime: '2025-02-20T08:51:49.412Z',
        body: {
          notPayable: [],
          response: {
            payToAmount: { currency: 'HKD', value: '8518' },
            paymentFactor: { needSurcharge: true },
          },
        },
      });
      expect(exchange).not.toHaveProperty('reason');
      expect(exchange.rawResponse?.toString()).toBe(JSON.stringify(surchargedAnswer()));
      expect(exchange.requestTime).toBe(responder.requests[0]?.headers['request-time']);
      expect(exchange.durationMs).toBeGreaterThanOrEqual(0);
    });

    it('may not be payable, and says why', async () => {
      const body = JSON.stringify({ ...publishedAnswer(), payToAmount: { currency: 'KRW', value: '10.5' } });
      const exchange = await ask({ body });
      expect(exchange.outcome).toBe('accepted');
      expect(exchange.body?.notPayable.map(({ field }) => field)).toEqual(['payToAmount.value']);
    });

    it.each<[string, NonNullable<Script['headers']>]>([
      ['in lower case', (signed) => lowered(signatureHeaders(signed))],
      ['in capitals', (signed) => raised(signatureHeaders(signed))],
      [
        'with a blank after each comma',
        ({ time, base64 }) => ({
          'Response-Time': time,
          Signature: `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(base64)}`,
        }),
      ],
      [
        'with its parts in another order and nothing escaped',
        ({ time, base64 }) => ({
          'Response-Time': time,
          Signature: `signature=${base64},keyVersion=1,algorithm=RSA256`,
        }),
      ],
      [
        'without a key version',
        ({ time, base64 }) => ({ 'Response-Time': time, Signature: `signature=${base64}` }),
      ],
    ])('has its headers %s', async (_, headers) => {
      expect(await ask({ body: SUCCESS, headers })).toMatchObject({ outcome: 'accepted' });
    });

    it('is verified over its bytes, not over their meaning', async () => {
      const body = `\n{ "result" : {"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"\\u6210功"} ,\t"x":1.0}\n`;
      const exchange = await ask({ body });
      expect(exchange).toMatchObject({ outcome: 'accepted', resultMessage: '成功' });
      expect(exchange.rawResponse?.toString()).toBe(body);
    });

    it('may be compressed although nobody asked for it', async () => {
      const body = gzipSync(SUCCESS);
      const headers: Script['headers'] = (signed) => ({
        ...signatureHeaders(signed),
        'Content-Encoding': 'gzip',
      });
      const exchange = await ask({ body, signed: { body: SUCCESS }, headers });
      expect(exchange).toMatchObject({ outcome: 'accepted' });
      expect(exchange.rawResponse?.toString()).toBe(SUCCESS);
    });
  });

  it('rejects with the code of a signed F', async () => {
    const exchange = await ask({ body: resultOf('F', 'EXPIRED_CODE') });
    expect(exchange).toMatchObject({
      outcome: 'rejected',
      resultCode: 'EXPIRED_CODE',
      resultMessage: 'words',
    });
    expect(exchange).not.toHaveProperty('body');
    expect(exchange).not.toHaveProperty('reason');
  });

  describe('our own set-up', () => {
    const counted = async (code: string): Promise<number> => {
      const metric = await fixture.metrics.registry
        .getSingleMetric('alipayplus_own_setup_faults_total')
        ?.get();
      return metric?.values.find(({ labels }) => labels.code === code)?.value ?? 0;
    };

    it.each(OWN_FAULT_CODES)('raises an alarm for an unsigned %s', async (code) => {
      const before = await counted(code);
      const exchange = await ask({ status: 400, body: resultOf('F', code), headers: () => ({}) });
      expect(exchange).toMatchObject({ outcome: 'unknown', reason: 'unsigned', resultCode: code });
      expect(await counted(code)).toBe(before + 1);
      expect(fixture.logged.join('')).toContain(code);
    });

    it('raises no alarm for a verified S, whatever its code', async () => {
      const result = { resultStatus: 'S', resultCode: 'KEY_NOT_FOUND', resultMessage: 'words' };
      const exchange = await ask({ body: JSON.stringify({ ...publishedAnswer(), result }) });
      expect(exchange.outcome).toBe('accepted');
      expect(fixture.logged).toEqual([]);
    });

    it('raises no alarm for any other code', async () => {
      await ask({ body: resultOf('F', 'EXPIRED_CODE'), headers: () => ({}) });
      expect(fixture.logged).toEqual([]);
    });

    it('raises an alarm without any code value, body or signature', async () => {
      await ask({ body: resultOf('F', 'INVALID_SIGNATURE'), headers: () => ({}) });
      const logged = fixture.logged.join('');
      expect(logged).not.toMatch(/qr\.alipayplus|2088|algorithm|words/);
    });
  });
});

function lowered(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function raised(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}
