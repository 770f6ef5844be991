import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { ClientFixture } from '../spec-support/client-fixture.js';
import { publishedAnswer } from '../spec-support/published-answers.js';
import { signatureHeaders, type Script } from '../spec-support/signing-responder.js';

const PATH = '/aps/api/v1/payments/userInitiatedPay';
const REQUEST = Buffer.from('{"codeValue":"https://qr.alipayplus.com/2816","customerId":"2088"}');
const SUCCESS = JSON.stringify(publishedAnswer());
const resultOf = (resultStatus: string, resultCode: string) =>
  JSON.stringify({ result: { resultStatus, resultCode, resultMessage: 'words' } });

describe('AlipayPlusClient does not know the outcome', () => {
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

  describe('an answer that proves nothing', () => {
    const noHeaders = () => ({});

    it.each<[string, Script, string]>([
      ['U', { body: resultOf('U', 'UNKNOWN_EXCEPTION') }, 'result_unknown'],
      ['U for too much traffic', { body: resultOf('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT') }, 'throttled'],
      ['a missing status', { body: '{"result":{"resultCode":"SUCCESS"}}' }, 'result_unknown'],
      ['no result at all', { body: '{}' }, 'result_unknown'],
      ['an unlisted status', { body: resultOf('P', 'SUCCESS') }, 'result_unknown'],
      ['an unsigned S', { body: SUCCESS, headers: noHeaders }, 'unsigned'],
      [
        'an S whose signature lacks its time',
        { body: SUCCESS, headers: ({ base64 }) => ({ Signature: `signature=${base64}` }) },
        'unsigned',
      ],
      ['an S signed over another body', { body: SUCCESS, signed: { body: `${SUCCESS} ` } }, 'bad_signature'],
      ['an S signed for another path', { body: SUCCESS, signed: { path: '/other' } }, 'bad_signature'],
      [
        'an S signed for another client',
        { body: SUCCESS, signed: { clientId: 'TEST_5X00000000000001' } },
        'bad_signature',
      ],
      [
        'an S with a signature that is none',
        { body: SUCCESS, headers: ({ time }) => ({ 'Response-Time': time, Signature: 'garbage' }) },
        'bad_signature',
      ],
      [
        'an S signed by another algorithm',
        {
          body: SUCCESS,
          headers: ({ time, base64 }) => ({
            'Response-Time': time,
            Signature: `algorithm=ECC224,signature=${base64}`,
          }),
        },
        'bad_signature',
      ],
      ['a signed S with 500', { body: SUCCESS, status: 500 }, 'http_status'],
      ['a page with 404', { body: '<html>', status: 404, headers: noHeaders }, 'http_status'],
      ['a page with 200', { body: '<html>', headers: noHeaders }, 'unsigned'],
      ['a signed page', { body: '<html>' }, 'unreadable'],
      ['a signed half of a JSON', { body: SUCCESS.slice(0, 100) }, 'unreadable'],
      ['an empty body, signed', { body: '' }, 'unreadable'],
      [
        'a body called gzip that is not',
        { body: SUCCESS, headers: (signed) => ({ ...signatureHeaders(signed), 'Content-Encoding': 'gzip' }) },
        'unreadable',
      ],
      ['an unsigned 429', { body: '', status: 429, headers: noHeaders }, 'throttled'],
      ['more than a MiB', { body: Buffer.alloc(1024 * 1024 + 1, 'x') }, 'oversized'],
      [
        'a bomb of a few KiB',
        { body: gzipSync(Buffer.alloc(8 * 1024 * 1024)), headers: () => ({ 'Content-Encoding': 'gzip' }) },
        'oversized',
      ],
    ])('is %s', async (_, script, reason) => {
      const exchange = await ask(script);
      expect(exchange).toMatchObject({ outcome: 'unknown', reason });
      expect(exchange).not.toHaveProperty('body');
      expect(exchange.rawResponse?.length ?? 0).toBeLessThanOrEqual(64 * 1024);
    });

    it('is a redirect, which is not followed', async () => {
      const script: Script = {
        status: 307,
        body: SUCCESS,
        headers: (signed) => ({ ...signatureHeaders(signed), Location: `${responder.url}${PATH}?again` }),
      };
      expect(await ask(script)).toMatchObject({ outcome: 'unknown', reason: 'redirect', httpStatus: 307 });
      expect(responder.requests).toHaveLength(1);
    });

    it('still gives its result code, cut to the length of the API', async () => {
      const exchange = await ask({ body: resultOf('F', 'X'.repeat(5_000)), headers: noHeaders });
      expect(exchange).toMatchObject({ outcome: 'unknown', reason: 'unsigned', resultCode: 'X'.repeat(64) });
    });
  });

  describe('no answer', () => {
    it.each<[string, NonNullable<Script['instead']>]>([
      ['never comes', () => undefined],
      [
        'stops after its headers',
        (response) => response.writeHead(200, { 'Content-Length': 100 }).flushHeaders(),
      ],
      [
        'trickles byte by byte',
        (response) => {
          response.writeHead(200);
          const drip = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(drip));
        },
      ],
    ])('that %s is a timeout of the whole call', async (_, instead) => {
      const exchange = await ask({ instead }, { ALIPAYPLUS_TIMEOUT_MS: '300' });
      expect(exchange).toMatchObject({ outcome: 'unknown', reason: 'timeout' });
    });

    it.each<[string, NonNullable<Script['instead']>, string]>([
      ['is dropped before it begins', (response) => void response.destroy(), 'network_error'],
      [
        'is half a body',
        (response) => {
          response.writeHead(200, { 'Content-Length': 1000 });
          response.write('{"result":', () => response.destroy());
        },
        'truncated',
      ],
      [
        'is half of a chunked body',
        (response) => {
          response.writeHead(200);
          response.write('{"result":', () => response.destroy());
        },
        'truncated',
      ],
    ])('that %s is reported as such', async (_, instead, reason) => {
      expect(await ask({ instead })).toMatchObject({ outcome: 'unknown', reason });
    });

    it.each([
      ['nobody listens', 'http://127.0.0.1:1', 'connection_refused'],
      ['no host has the name', 'http://no-such-host.invalid', 'dns_error'],
    ])(
      'because %s',
      async (_, baseUrl, reason) => {
        const environment = { ALIPAYPLUS_BASE_URL: baseUrl, ALIPAYPLUS_TIMEOUT_MS: '30000' };
        const exchange = await ask({}, environment);
        expect(exchange).toMatchObject({ outcome: 'unknown', reason });
        expect(exchange).not.toHaveProperty('httpStatus');
      },
      40_000,
    );

    it.each([
      [
        'the other side speaks no TLS',
        'https',
        createTcpServer(hangUpWith('HTTP/1.1 400 Bad Request\r\n\r\n')),
        'tls_error',
      ],
      ['the other side has no certificate', 'https', createTlsServer(), 'tls_error'],
      [
        'what comes back is no HTTP',
        'http',
        createTcpServer(hangUpWith('220 mail.example ESMTP\r\n')),
        'unreadable',
      ],
    ])('because %s', async (_, scheme, server, reason) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      // A server that listens on a port has an address of this kind.
      const { port } = server.address() as AddressInfo;
      const exchange = await ask({}, { ALIPAYPLUS_BASE_URL: `${scheme}://127.0.0.1:${port}` });
      await new Promise((resolve) => server.close(resolve));
      expect(exchange).toMatchObject({ outcome: 'unknown', reason });
    });

    it('because no address is configured', async () => {
      expect(await ask({}, { ALIPAYPLUS_BASE_URL: '' })).toMatchObject({
        outcome: 'unknown',
        reason: 'invalid_url',
      });
    });
  });
});

/** Reads what comes, so that the connection can end, and answers this text. */
function hangUpWith(text: string) {
  return (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume().end(text);
  };
}
