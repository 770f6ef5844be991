import { verify } from 'node:crypto';
import { CLIENT_ID, ClientFixture } from '../spec-support/client-fixture.js';
import { signatureHeaders } from '../spec-support/signing-responder.js';

const BODY = Buffer.from('{"paymentRequestId":"1"}');
/** The responder is on this machine. */
const HERE = { anyAddress: true };
const resultOf = (resultStatus: string, resultCode: string) =>
  JSON.stringify({ result: { resultStatus, resultCode, resultMessage: 'words' } });

describe('AlipayPlusClient.notifyPayment', () => {
  const fixture = new ClientFixture();
  const { responder } = fixture;
  beforeAll(() => fixture.start());
  afterAll(() => fixture.stop());
  beforeEach(() => {
    responder.requests.length = 0;
  });

  /** Whether the last request carries our signature over the path it really came to. */
  function isSigned(): boolean {
    const request = responder.requests.at(-1);
    const time = String(request?.headers['request-time']);
    const text = `POST ${request?.url}\n${CLIENT_ID}.${time}.${request?.body.toString()}`;
    const signature = decodeURIComponent(String(request?.headers.signature).split('signature=')[1] ?? '');
    return verify('RSA-SHA256', Buffer.from(text), fixture.own.publicKey, Buffer.from(signature, 'base64'));
  }

  it('posts the frozen bytes to the given address and signs its path and query', async () => {
    responder.script = { body: resultOf('S', 'SUCCESS') };
    const exchange = await fixture
      .client()
      .notifyPayment(`${responder.url}/notify/here?order=1&x=%2F`, BODY, HERE);
    expect(exchange).toMatchObject({ outcome: 'accepted', body: { result: { resultStatus: 'S' } } });
    const [request] = responder.requests;
    expect(request?.url).toBe('/notify/here?order=1&x=%2F');
    expect(request?.body.equals(BODY)).toBe(true);
    expect(isSigned()).toBe(true);
  });

  it('signs the path that really goes over the wire, however odd the address', async () => {
    responder.script = { body: resultOf('S', 'SUCCESS') };
    for (const odd of ['', '?q', '/a/../b', '/ä b', '/p#part', '//double']) {
      const exchange = await fixture.client().notifyPayment(responder.url + odd, BODY, HERE);
      expect(exchange.outcome).toBe('accepted');
      expect(isSigned()).toBe(true);
    }
  });

  it('is acknowledged by a verified S in the body only', async () => {
    const outcomes: string[] = [];
    for (const script of [
      { body: resultOf('S', 'SUCCESS') },
      { body: resultOf('F', 'PARAM_ILLEGAL') },
      { body: resultOf('U', 'UNKNOWN_EXCEPTION') },
      { body: '<html>', headers: () => ({}) },
      { body: '', headers: () => ({}) },
    ]) {
      responder.script = script;
      outcomes.push((await fixture.client().notifyPayment(`${responder.url}/n`, BODY, HERE)).outcome);
    }
    expect(outcomes).toEqual(['accepted', 'rejected', 'unknown', 'unknown', 'unknown']);
  });

  it.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/problem+json',
    'text/html; charset=UTF-8',
    'text/plain',
    'application/octet-stream',
    'no type at all',
  ])('believes a signed answer with the content type %s', async (contentType) => {
    const outcomes = { S: 'accepted', F: 'rejected' };
    for (const [status, outcome] of Object.entries(outcomes)) {
      responder.script = {
        body: resultOf(status, status === 'S' ? 'SUCCESS' : 'PROCESS_FAIL'),
        headers: (signed) => ({ ...signatureHeaders(signed), 'Content-Type': contentType }),
      };
      const exchange = await fixture.client().notifyPayment(`${responder.url}/n`, BODY, HERE);
      expect(exchange).toMatchObject({ outcome, contentType });
    }
  });

  it('calls no address of our own network unless it is told to', async () => {
    const { port } = new URL(responder.url);
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      expect(await fixture.client().notifyPayment(`http://${host}:${port}/n`, BODY)).toMatchObject({
        outcome: 'unknown',
        reason: 'address_not_public',
      });
    }
    expect(responder.requests).toEqual([]);
  });

  it('has a time-out of its own', async () => {
    responder.script = { instead: () => undefined };
    const client = fixture.client({ ALIPAYPLUS_NOTIFY_TIMEOUT_MS: '200', ALIPAYPLUS_TIMEOUT_MS: '60000' });
    expect(await client.notifyPayment(`${responder.url}/n`, BODY, HERE)).toMatchObject({ reason: 'timeout' });
  });

  it.each(['', 'notify', 'ftp://h/x', 'javascript:alert(1)'])('does not call %j', async (url) => {
    expect(await fixture.client().notifyPayment(url, BODY)).toMatchObject({
      outcome: 'unknown',
      reason: 'invalid_url',
    });
  });
});
