import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { RunningTwin } from './start-twin.js';
import { startTestTwin, unique } from './test/running-twin.js';
import { callTwin, PAY_PATH, signedHeaders } from './test/signed-call.js';
import { MPP_KEYS, TWIN_KEYS } from './test/test-keys.js';

jest.setTimeout(60_000);

let twin: RunningTwin;
beforeAll(async () => {
  twin = await startTestTwin();
});
afterAll(() => twin.close());

describe('a request', () => {
  const body = { codeValue: 'twin:S#checked', customerId: 'customer-1' };

  it('signed by someone else is refused without a signature', async () => {
    const answer = await callTwin(twin.url, PAY_PATH, body, { privateKey: TWIN_KEYS.privateKey });
    expect(answer).toMatchObject({
      httpStatus: 200,
      isSigned: false,
      json: { result: { resultStatus: 'F', resultCode: 'INVALID_SIGNATURE' } },
    });
  });

  it.each([
    ['changed on the way', { sentBody: JSON.stringify(body, null, 1) }],
    [
      'signed with a bare base64 value',
      {
        signature: (header: string) =>
          header.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '='),
      },
    ],
    ['without a signature', { signature: () => '' }],
    ['with another time than the signed one', { headers: { 'Request-Time': '2025-02-20T08:51:49.090Z' } }],
  ])('%s is INVALID_SIGNATURE', async (_what, changes) => {
    const answer = await callTwin(twin.url, PAY_PATH, body, changes);
    expect(answer.json.result?.resultCode).toBe('INVALID_SIGNATURE');
  });

  it('of another client is refused with a signature', async () => {
    const answer = await callTwin(twin.url, PAY_PATH, body, { clientId: 'SOMEONE_ELSE' });
    expect(answer).toMatchObject({
      isSignatureValid: true,
      json: { result: { resultCode: 'INVALID_CLIENT' } },
    });
  });

  it.each<[string, Parameters<typeof callTwin>, string]>([
    ['by GET', ['', PAY_PATH, '', { method: 'GET' }], 'METHOD_NOT_SUPPORTED'],
    ['to an API that is not there', ['', '/aps/api/v1/payments/pay', body], 'NO_INTERFACE_DEF'],
    [
      'that is a form',
      ['', PAY_PATH, body, { headers: { 'Content-Type': 'text/plain' } }],
      'MEDIA_TYPE_NOT_ACCEPTABLE',
    ],
  ])('%s is refused', async (_what, [, ...rest], resultCode) => {
    const answer = await callTwin(twin.url, ...rest);
    expect(answer).toMatchObject({
      isSignatureValid: true,
      json: { result: { resultStatus: 'F', resultCode } },
    });
  });

  it('with blanks in the Signature header and other letter case of header names is accepted', async () => {
    const text = JSON.stringify({ ...body, codeValue: unique('twin:S') });
    const headers = Object.entries(signedHeaders('POST', PAY_PATH, text));
    const call = httpRequest(`${twin.url}${PAY_PATH}`, {
      method: 'POST',
      headers: Object.fromEntries(
        headers.map(([name, value]) => [name.toUpperCase(), value.replaceAll(',', ', ')]),
      ),
    });
    call.end(text);
    const chunks: Buffer[] = [];
    for await (const chunk of await answerTo(call)) chunks.push(Buffer.from(chunk));
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ result: { resultStatus: 'S' } });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', 'codeValue=1', 'not a JSON object'],
    ['no codeValue', { customerId: 'c' }, 'codeValue is missing'],
    ['no customerId', { codeValue: 'twin:S' }, 'customerId is missing'],
    ['a null customerId', { codeValue: 'twin:S', customerId: null }, 'customerId is missing'],
    ['a number', { codeValue: 281, customerId: 'c' }, 'codeValue must be a string'],
    ['a boolean', { ...body, passThroughInfo: true }, 'passThroughInfo must be a string'],
    ['an empty text', { ...body, passThroughInfo: '' }, 'passThroughInfo must not be empty'],
    ['a code of 513 characters', { ...body, codeValue: 'x'.repeat(513) }, 'longer than 512'],
    ['a customer of 65 characters', { ...body, customerId: 'x'.repeat(65) }, 'longer than 64'],
    [
      'a passThroughInfo of 20001 characters',
      { ...body, passThroughInfo: 'x'.repeat(20_001) },
      'longer than 20000',
    ],
    [
      'an indirectMpp without an id',
      { ...body, indirectMpp: { indirectMppName: 'n' } },
      'indirectMppId is missing',
    ],
    ['an indirectMpp that is a text', { ...body, indirectMpp: 'x' }, 'indirectMpp must be an object'],
    [
      'an indirectMppName of 257 characters',
      { ...body, indirectMpp: { indirectMppId: 'i', indirectMppName: 'x'.repeat(257) } },
      'longer than 256',
    ],
    ['a field nobody knows', { ...body, amount: '1' }, 'amount is not a field'],
  ])('with %s is PARAM_ILLEGAL and says why', async (_what, sent, detail) => {
    const answer = await callTwin(twin.url, PAY_PATH, sent);
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
  });

  it('at every limit is accepted, with null for unused fields', async () => {
    const answer = await callTwin(twin.url, PAY_PATH, {
      codeValue: `twin:S#${'珈'.repeat(505)}`,
      customerId: '☕'.repeat(64),
      passThroughInfo: '\u0000'.repeat(20_000),
      indirectMpp: { indirectMppId: 'i'.repeat(64), indirectMppName: null },
    });
    expect(answer.json.result).toMatchObject({ resultStatus: 'S' });
  });
});

describe('keys by version', () => {
  it('an unknown keyVersion is KEY_NOT_FOUND, a known one is accepted', async () => {
    const other = await startTestTwin({ mppPublicKey: { '2': MPP_KEYS.publicKey } });
    try {
      const body = { codeValue: 'twin:S', customerId: 'c' };
      const [wrong, right] = [
        await callTwin(other.url, PAY_PATH, body),
        await callTwin(other.url, PAY_PATH, body, { keyVersion: '2' }),
      ];
      expect(wrong.json.result?.resultCode).toBe('KEY_NOT_FOUND');
      expect(right.json.result?.resultCode).toBe('SUCCESS');
    } finally {
      await other.close();
    }
  });
});

function answerTo(call: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once('response', resolve);
    call.once('error', reject);
  });
}
