import { createHash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { MPP_KEYS, TWIN_KEYS } from '../test/test-keys.js';
import { privateKeyFrom, publicKeyFrom } from './keys.js';
import { MessageSigner } from './message-signer.js';
import { ANY_VERSION, MessageVerifier } from './message-verifier.js';
import {
  contentToBeSigned,
  formatSignatureHeader,
  parseSignatureHeader,
  type SignedMessage,
} from './signature.js';

interface Vector {
  readonly name: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
  readonly contentToBeSigned: string;
  readonly contentSha256Hex: string;
  readonly signatureHeader: string;
  readonly verifyWithPublicKeySpkiBase64: string;
}

const file = new URL('../test/signature-vectors.json', import.meta.url);
// The file lies beside the test and has this shape.
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Vector[] };

function messageOf(vector: Vector): SignedMessage {
  const { httpMethod: method, path: uri, clientId, time, body } = vector;
  return { method, uri, clientId, time, body: Buffer.from(body) };
}

function verifierFor(spkiBase64: string): MessageVerifier {
  return new MessageVerifier(new Map([[ANY_VERSION, publicKeyFrom(spkiBase64)]]));
}

describe.each(cases.map((vector) => [vector.name, vector] as const))('vector %s', (_name, vector) => {
  const verifier = verifierFor(vector.verifyWithPublicKeySpkiBase64);
  const message = messageOf(vector);

  it('gives the published content and its digest', () => {
    const content = contentToBeSigned(message);
    expect(content.toString()).toBe(vector.contentToBeSigned);
    expect(createHash('sha256').update(content).digest('hex')).toBe(vector.contentSha256Hex);
  });

  it('verifies, with and without blanks after the commas', () => {
    expect(verifier.verify(message, vector.signatureHeader)).toBe('valid');
    expect(verifier.verify(message, vector.signatureHeader.replaceAll(',', ', '))).toBe('valid');
  });

  it.each<[string, Partial<SignedMessage>]>([
    ['another path', { uri: `${vector.path}/` }],
    ['the whole address', { uri: `https://open-sea.alipayplus.com${vector.path}` }],
    ['another method', { method: 'GET' }],
    ['another client', { clientId: 'TEST_OTHER' }],
    [
      'another spelling of the same time',
      { time: new Date(vector.time).toISOString().replace('Z', '+00:00') },
    ],
    ['a body written again', { body: Buffer.from(JSON.stringify(JSON.parse(vector.body), null, 1)) }],
  ])('does not verify for %s', (_what, change) => {
    expect(verifier.verify({ ...message, ...change }, vector.signatureHeader)).toBe('wrong');
  });

  it('does not verify with another key', () => {
    const other = new MessageVerifier(new Map([[ANY_VERSION, publicKeyFrom(MPP_KEYS.publicKey)]]));
    expect(other.verify(message, vector.signatureHeader)).toBe('wrong');
  });
});

describe('the Signature header', () => {
  const signature = Buffer.from([0xfb, 0xef, 0xff, 0x00]);

  it('is written URL-encoded and read back byte for byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 512 }),
        fc.integer({ min: 1, max: 99 }),
        (bytes, version) => {
          const header = formatSignatureHeader(String(version), Buffer.from(bytes));
          expect(header).toMatch(/^algorithm=RSA256,keyVersion=\d+,signature=[A-Za-z0-9%]+$/);
          const read = parseSignatureHeader(header);
          expect(read?.keyVersion).toBe(String(version));
          expect(read?.signature.equals(Buffer.from(bytes))).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['nothing', ''],
    ['a bare base64 value', `algorithm=RSA256,keyVersion=1,signature=${signature.toString('base64')}`],
    ['a broken escape', 'algorithm=RSA256,keyVersion=1,signature=abc%2'],
    ['a missing key version', 'algorithm=RSA256,signature=abcd'],
    ['another order', 'signature=abcd,keyVersion=1,algorithm=RSA256'],
    ['an escape that is not base64', 'algorithm=RSA256,keyVersion=1,signature=%20%20'],
  ])('is refused when it is %s', (_what, header) => {
    expect(parseSignatureHeader(header)).toBeNull();
  });
});

describe('signing and verifying', () => {
  const message: SignedMessage = {
    method: 'POST',
    uri: '/aps/api/v1/payments/notifyPayment?shop=1',
    clientId: 'TEST_5X00000000000000',
    time: '2025-02-20T16:51:55+08:00',
    body: Buffer.from('{"name":"珈琲店 ☕"}'),
  };
  const signer = new MessageSigner(new Map([['7', privateKeyFrom(TWIN_KEYS.privateKey)]]), '7');
  const twinKey = publicKeyFrom(TWIN_KEYS.publicKey);

  it('agree on a body that is not ASCII and a path with a query', async () => {
    const header = await signer.sign(message);
    expect(new MessageVerifier(new Map([['7', twinKey]])).verify(message, header)).toBe('valid');
  });

  it('distinguishes an unknown key version, a missing header, a malformed one and another algorithm', async () => {
    const header = await signer.sign(message);
    const verifier = new MessageVerifier(new Map([['8', twinKey]]));
    expect(verifier.verify(message, header)).toBe('unknown_key_version');
    expect(verifier.verify(message, undefined)).toBe('missing');
    expect(verifier.verify(message, 'signature=')).toBe('malformed');
    expect(verifier.verify(message, header.replace('RSA256', 'ECC224'))).toBe('malformed');
  });

  it('accepts keys as bare base64 as well as PEM', () => {
    const bare = (pem: string): string => pem.replaceAll(/-----[A-Z ]+-----/g, '').trim();
    const content = contentToBeSigned(message);
    const signature = sign('RSA-SHA256', content, privateKeyFrom(bare(TWIN_KEYS.privateKey)));
    const verifier = verifierFor(bare(TWIN_KEYS.publicKey));
    expect(verifier.verify(message, formatSignatureHeader('1', signature))).toBe('valid');
  });
});
