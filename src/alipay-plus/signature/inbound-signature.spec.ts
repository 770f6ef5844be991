import { sign, verify } from 'node:crypto';
import { EventLog } from '../../platform/logging/event-log.js';
import { KeyFiles, newKeyPair } from '../spec-support/key-files.js';
import { settingsWith } from '../spec-support/settings-with.js';
import { AlipayPlusKeys } from './alipay-plus-keys.js';
import { InboundSignature, type InboundRequest } from './inbound-signature.js';
import { MessageSignature } from './message-signature.js';

const CLIENT_ID = 'TEST_5X00000000000000';
const PATH = '/aps/api/v1/payments/inquiryPayment';

describe('InboundSignature', () => {
  const files = new KeyFiles();
  const [own, theirs, theirNext] = [newKeyPair(), newKeyPair(), newKeyPair()];
  const settings = settingsWith({
    ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
    ALIPAYPLUS_KEY_VERSION: '5',
    ALIPAYPLUS_PRIVATE_KEY_FILE: files.writePrivate('own.pem', own),
    ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${files.writePublic('1.pem', theirs)},2=${files.writePublic('2.pem', theirNext)}`,
  });
  const logged: string[] = [];
  const log = new EventLog({ level: 'info' }, { write: (line) => void logged.push(line) });
  const inbound = new InboundSignature(
    settings,
    new MessageSignature(settings, new AlipayPlusKeys(settings), log),
  );
  afterAll(() => files.remove());

  function request(change: Partial<InboundRequest> = {}, keys = theirs, version = '1'): InboundRequest {
    const rawBody = Buffer.from('{ "pspId":"1022",\n  "paymentRequestId":"2020" }');
    const time = '2025-02-20T16:51:55+08:00';
    const text = Buffer.concat([Buffer.from(`POST ${PATH}\n${CLIENT_ID}.${time}.`), rawBody]);
    const base64 = sign('RSA-SHA256', text, keys.privateKey).toString('base64');
    const signature = `algorithm=RSA256, keyVersion=${version}, signature=${encodeURIComponent(base64)}`;
    const headers = { 'client-id': CLIENT_ID, 'request-time': time, signature };
    return { method: 'POST', url: PATH, headers, rawBody, ...change };
  }

  const withHeaders = (change: InboundRequest['headers']) =>
    request({ headers: { ...request().headers, ...change } });

  it('verifies a request over its raw bytes and returns its time', async () => {
    expect(inbound.verify(request())).toEqual({
      verified: true,
      requestTime: '2025-02-20T16:51:55+08:00',
      requestedAt: new Date('2025-02-20T08:51:55Z'),
    });
  });

  it.each(['2', '1', '7', '02', ''])(
    'verifies with any configured key, whatever version the header names: %j',
    async (version) => {
      expect(inbound.verify(request({}, theirNext, version))).toMatchObject({ verified: true });
    },
  );

  it('reports once that a key version differs from that of the fitting key', () => {
    for (let round = 0; round < 3; round += 1) inbound.verify(request({}, theirs, '12'));
    expect(logged.filter((line) => line.includes('"named":"12"'))).toHaveLength(1);
  });

  it('does not verify with a key that is not configured', () => {
    const stranger = newKeyPair();
    expect(inbound.verify(request({}, stranger, '1'))).toEqual({ verified: false, reason: 'bad_signature' });
    expect(inbound.verify(request({}, stranger, '7'))).toEqual({ verified: false, reason: 'unknown_key' });
  });

  it.each([
    [
      'a body written again',
      request({ rawBody: Buffer.from('{"pspId":"1022","paymentRequestId":"2020"}') }),
      'bad_signature',
    ],
    ['another path', request({ url: `${PATH}?x=1` }), 'bad_signature'],
    ['another method', request({ method: 'PUT' }), 'bad_signature'],
    ['another time', withHeaders({ 'request-time': '2025-02-20T08:51:55Z' }), 'bad_signature'],
    ['another client', withHeaders({ 'client-id': 'TEST_5X00000000000001' }), 'wrong_client'],
    ['no client', withHeaders({ 'client-id': undefined }), 'wrong_client'],
    ['no signature', withHeaders({ signature: undefined }), 'unsigned'],
    ['no time', withHeaders({ 'request-time': undefined }), 'unsigned'],
    ['two signatures', withHeaders({ signature: ['a', 'b'] }), 'unsigned'],
    ['a signature with our own key', request({}, own), 'bad_signature'],
  ])('refuses %s', async (_, given, reason) => {
    expect(inbound.verify(given)).toEqual({ verified: false, reason });
  });

  it('signs an answer for the called path, over the bytes that will be sent', async () => {
    const body = Buffer.from('{"result":{"resultStatus":"S"}}');
    const headers = await inbound.signAnswer({ method: 'POST', url: PATH }, body);
    expect(headers).toMatchObject({
      'Client-Id': CLIENT_ID,
      'Content-Type': 'application/json; charset=UTF-8',
    });
    expect(headers.Signature).toMatch(/^algorithm=RSA256,keyVersion=5,signature=/);
    const text = `POST ${PATH}\n${CLIENT_ID}.${headers['Response-Time']}.${body.toString()}`;
    const signature = decodeURIComponent(headers.Signature?.split('signature=')[1] ?? '');
    expect(verify('RSA-SHA256', Buffer.from(text), own.publicKey, Buffer.from(signature, 'base64'))).toBe(
      true,
    );
  });
});
