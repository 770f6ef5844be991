import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { explainSignature } from './explain-signature.js';
import type { PastedMessage } from './signed-text-variants.js';

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
  /** What is signed instead of the text. */
  readonly instead?: (text: string) => string | Buffer;
  /** The whole header, by the signature. */
  readonly header?: (signature: string) => string;
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
  const written = `${line}\n${client}.${time}.${body}`;
  const text = Buffer.from(signing.instead?.(written) ?? written);
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
      'client-id': CLIENT,
      'request-time': TIME,
      signature: signing.header?.(spelled) ?? `algorithm=RSA256,keyVersion=1,signature=${spelled}`,
    },
    body: Buffer.from(BODY),
  };
}

const explained = (message: PastedMessage) =>
  explainSignature(message, CLIENT, { theirs: theirs.publicKey, ours: ours.publicKey });

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

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
    ['of a time in another spelling', { time: '2030-01-02T03:04:05+00:00' }, 'another spelling'],
    ['of a time in milliseconds', { time: String(Date.parse(TIME)) }, 'another spelling'],
    ['that is encoded twice', { spelled: (text) => encodeURIComponent(encodeURIComponent(text)) }, 'twice'],
    ['of a line that ends with CR and LF', { instead: (text) => text.replace('\n', '\r\n') }, 'CR and LF'],
    ['of a backslash and an n', { instead: (text) => text.replace('\n', String.raw`\n`) }, 'backslash'],
    ['of a text without a line break', { instead: (text) => text.replace('\n', '') }, 'no line break'],
    ['of a text with one at its end', { instead: (text) => `${text}\n` }, 'line break at its end'],
    [
      'of parts joined with commas',
      { instead: (text) => text.replaceAll('.', ',').replace('05,000Z', '05.000Z') },
      'commas',
    ],
    ['of time and client swapped', { client: TIME, time: CLIENT }, 'before the Client-Id'],
    ['of a text that was hashed before', { instead: sha256 }, 'hashed twice'],
    ['of a hexadecimal digest', { instead: (text) => sha256(text).toString('hex') }, 'hashed twice'],
    ['of another method', { line: `GET ${PATH}` }, 'another method'],
    ['of a slash', { line: 'POST /' }, 'a slash was signed'],
    ['of an escaped path', { line: `POST ${encodeURIComponent(PATH)}` }, 'slashes escaped'],
    ['of a client in small letters', { client: CLIENT.toLowerCase() }, 'small letters'],
    ['of no client', { client: '' }, 'no Client-Id'],
    ['of a time in UTC+8', { time: '2030-01-02T11:04:05+08:00' }, 'another spelling'],
    ['of a time without a colon in its offset', { time: '2030-01-02T11:04:05.000+0800' }, 'another spelling'],
    ['of a time in seconds', { time: String(Date.parse(TIME) / 1_000) }, 'another spelling'],
    ['of an empty object', { body: '{}' }, 'empty object'],
    ['of a body in ISO-8859-1', { instead: (text) => Buffer.from(text, 'latin1') }, 'ISO-8859-1'],
    ['in hexadecimal', { spelled: (text) => Buffer.from(text, 'base64').toString('hex') }, 'hexadecimal'],
    ['broken into lines', { spelled: (text) => text.replaceAll(/(.{76})/g, '$1 ') }, 'lines'],
    [
      'in a header of semicolons',
      { header: (text) => `algorithm=RSA256;keyVersion=1;signature=${text}` },
      'joined by commas',
    ],
    [
      'in a header of quotes',
      { header: (text) => `algorithm="RSA256",keyVersion="1",signature="${text}"` },
      'quotes',
    ],
    [
      'of another algorithm by its header',
      { header: (text) => `algorithm=HS256,keyVersion=1,signature=${text}` },
      'HS256',
    ],
    ['with MD5', { algorithm: 'RSA-MD5' }, 'MD5'],
    ['with SHA-1', { algorithm: 'RSA-SHA1' }, 'SHA-1'],
    ['with SHA-512', { algorithm: 'RSA-SHA512' }, 'SHA-512'],
    ['with PSS', { isPss: true }, 'PSS'],
  ])('%s is explained', (_what, signing, words) => {
    expect(explained(sent(signing))).toEqual({
      outcome: 'explained',
      causes: [expect.stringContaining(words)],
    });
  });

  it('of another client is explained, and so is its header', () => {
    const { headers, ...rest } = sent({ client: 'ANOTHER' });
    const other = { ...rest, headers: { ...headers, 'client-id': 'ANOTHER' } };
    expect(explained(other)).toMatchObject({
      outcome: 'explained',
      causes: [expect.stringContaining('another Client-Id'), expect.stringContaining('Client-Id header')],
    });
    expect(explained({ ...rest, headers: { ...sent().headers, 'client-id': 'ANOTHER' } })).toMatchObject({
      causes: [expect.stringContaining('Client-Id header')],
    });
  });

  it('of a body as Go writes it is explained', () => {
    const body = Buffer.from('{"name":"<&>"}');
    const { headers } = sent({ body: String.raw`{"name":"\u003c\u0026\u003e"}` });
    expect(explained({ ...sent(), headers, body })).toMatchObject({
      causes: [expect.stringContaining('anew')],
    });
  });

  it('that the key has made over something else is told from one that it has not made', () => {
    const causes = (signing: Signing) => JSON.stringify(explained(sent(signing)));
    expect(causes({ body: '{"amount":1}' })).toContain('the key has made this signature');
    expect(causes({ body: '{"amount":1}', key: ours.privateKey })).toContain('mixed up');
    expect(causes({ key: others.privateKey })).toContain('another pair');
    expect(causes({ spelled: (text) => text.slice(0, 200) })).toContain('150 bytes');
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
