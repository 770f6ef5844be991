import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { explainSignature, type PastedMessage } from './explain-signature.js';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [theirs, ours, others] = [pair(), pair(), pair()];
const CLIENT = 'TEST_5X00000000000000';
const PATH = '/aps/api/v1/payments/inquiryPayment?a=b%20c';
const TIME = '2030-01-02T03:04:05.000Z';
const BODY = '{"paymentRequestId": "p/1",\r\n "n": 1, "name": "カフェ: a, \\"b\\""}';

interface Signing {
  readonly line?: string;
  readonly client?: string;
  readonly time?: string;
  readonly body?: string;
  readonly key?: KeyObject;
  readonly algorithm?: string;
  readonly isPss?: boolean;
  readonly spelled?: (base64: string) => string;
}

/** The message sent is always the same; the signed one differs. */
function sent(signing: Signing = {}): PastedMessage {
  const {
    line = `POST ${PATH}`,
    client = CLIENT,
    time = TIME,
    body = BODY,
    algorithm = 'RSA-SHA256',
  } = signing;
  const key = signing.key ?? theirs.privateKey;
  const text = Buffer.from(`${line}\n${client}.${time}.${body}`);
  const made = sign(
    algorithm,
    text,
    signing.isPss === true ? { key, padding: constants.RSA_PKCS1_PSS_PADDING } : key,
  );
  const spelled = (signing.spelled ?? encodeURIComponent)(made.toString('base64'));
  return {
    method: 'POST',
    path: PATH,
    headers: {
      host: 'pay.example',
      'client-id': client,
      'request-time': TIME,
      signature: `algorithm=RSA256,keyVersion=1,signature=${spelled}`,
    },
    body: Buffer.from(BODY),
  };
}

const explained = (message: PastedMessage) =>
  explainSignature(message, CLIENT, { theirs: theirs.publicKey, ours: ours.publicKey });

const bare = '/aps/api/v1/payments/inquiryPayment';

describe('a signature', () => {
  it('that is right is reported as verified', () => {
    expect(explained(sent())).toEqual({ outcome: 'verifies' });
    expect(explained(sent({ spelled: (text) => text }))).toEqual({ outcome: 'verifies' });
  });

  it.each<[string, Signing, string]>([
    ['of our own key', { key: ours.privateKey }, 'mixed up'],
    ['of a body that was serialised anew', { body: JSON.stringify(JSON.parse(BODY)) }, 'serialised anew'],
    [
      'of a body as Python writes it',
      {
        body: '{"paymentRequestId": "p/1", "n": 1, "name": "\\u30ab\\u30d5\\u30a7: a, \\"b\\""}',
      },
      'serialised anew',
    ],
    [
      'of a body with its keys sorted',
      { body: '{"n":1,"name":"カフェ: a, \\"b\\"","paymentRequestId":"p/1"}' },
      'serialised anew',
    ],
    ['of a body with a byte order mark', { body: `\uFEFF${BODY}` }, 'byte order mark'],
    ['of a body with other line breaks', { body: BODY.replaceAll('\r\n', '\n') }, 'line breaks'],
    ['of no body', { body: '' }, 'empty body'],
    ['of a path without query', { line: `POST ${bare}` }, 'without its query'],
    ['of the whole address', { line: `POST https://pay.example${PATH}` }, 'whole address'],
    ['of a path without a prefix', { line: 'POST /api/v1/payments/inquiryPayment' }, 'prefix'],
    ['of a decoded path', { line: `POST ${bare}?a=b c` }, 'escapes decoded'],
    ['of a method in lower case', { line: `post ${PATH}` }, 'lower case'],
    ['of another client', { client: 'ANOTHER' }, 'another Client-Id'],
    ['of a time in another spelling', { time: '2030-01-02T03:04:05+00:00' }, 'another spelling'],
    ['of a time in milliseconds', { time: String(Date.parse(TIME)) }, 'another spelling'],
    ['that is encoded twice', { spelled: (text) => encodeURIComponent(encodeURIComponent(text)) }, 'twice'],
    ['with SHA-1', { algorithm: 'RSA-SHA1' }, 'SHA-1'],
    ['with SHA-512', { algorithm: 'RSA-SHA512' }, 'SHA-512'],
    ['with PSS', { isPss: true }, 'PSS'],
  ])('%s is explained', (_what, signing, words) => {
    expect(explained(sent(signing))).toEqual({
      outcome: 'explained',
      causes: [expect.stringContaining(words)],
    });
  });

  it('with several mistakes has each of them named', () => {
    const two = sent({ line: `POST ${bare}`, body: JSON.stringify(JSON.parse(BODY)) });
    expect(explained(two)).toMatchObject({ outcome: 'explained', causes: { length: 2 } });
  });

  it('of an unknown key gets no other explanation', () => {
    expect(explained(sent({ key: others.privateKey }))).toMatchObject({ outcome: 'unexplained' });
    const { signature: _none, ...headers } = sent().headers;
    expect(explained({ ...sent(), headers })).toEqual({
      outcome: 'unexplained',
      causes: ['there is no Signature header'],
    });
  });
});
