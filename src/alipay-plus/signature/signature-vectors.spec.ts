import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newKeyPair } from '../spec-support/key-files.js';
import { signedText, signText, verifyText } from './message-signature.js';
import { formatSignatureHeader, parseSignatureHeader } from './signature-header.js';

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

// The file stands beside this spec and has exactly this shape.
const { cases } = JSON.parse(readFileSync(new URL('signature-vectors.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Vector[];
};

function textOf(vector: Vector, change: Partial<Vector> = {}): Buffer {
  const { httpMethod: method, path, clientId, time, body } = { ...vector, ...change };
  return signedText({ method, path, clientId, time, body: Buffer.from(body, 'utf8') });
}

function publicKeyOf(vector: Vector): KeyObject {
  const key = Buffer.from(vector.verifyWithPublicKeySpkiBase64, 'base64');
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function verifies(vector: Vector, text: Buffer, header = vector.signatureHeader): boolean {
  const parsed = parseSignatureHeader(header);
  return parsed !== undefined && verifyText(text, parsed.signature, publicKeyOf(vector));
}

describe('the published scheme', () => {
  it('has vectors for requests and answers, out and in', () => {
    expect(cases.map(({ name }) => name)).toEqual([
      'mpp_request_userInitiatedPay',
      'alipayplus_response_userInitiatedPay',
      'alipayplus_request_inquiryPayment',
    ]);
  });

  describe.each(cases.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    it('signs exactly this text', () => {
      expect(textOf(vector).toString('utf8')).toBe(vector.contentToBeSigned);
      expect(createHash('sha256').update(textOf(vector)).digest('hex')).toBe(vector.contentSha256Hex);
    });

    it('is verified by its public key', () => {
      expect(verifies(vector, textOf(vector))).toBe(true);
    });

    it('is verified in every spelling of its header', () => {
      const plain = decodeURIComponent(vector.signatureHeader);
      const [algorithm, version, signature] = vector.signatureHeader.split(',');
      const urlSafe = plain.replace(/(?<=signature=).*/, (value) =>
        value.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      );
      const spaced = `${algorithm}, ${version}, ${signature}`;
      const turned = `${signature},${version},${algorithm}`;
      for (const header of [spaced, turned, plain, urlSafe]) {
        expect(verifies(vector, textOf(vector), header)).toBe(true);
      }
    });

    it.each<[string, (given: Vector) => Partial<Vector>]>([
      [
        'a body parsed and written again',
        ({ body }) => ({ body: JSON.stringify(JSON.parse(body), null, 1) }),
      ],
      ['one more blank in the body', ({ body }) => ({ body: `${body} ` })],
      ['the time in another spelling', ({ time }) => ({ time: String(Date.parse(time)) })],
      ['another path', ({ path }) => ({ path: path.replace('payments', 'payment') })],
      ['the address instead of the path', ({ path }) => ({ path: `https://open-sea.alipayplus.com${path}` })],
      ['a path with a slash at its end', ({ path }) => ({ path: `${path}/` })],
      ['another method', () => ({ httpMethod: 'PUT' })],
      ['another client', () => ({ clientId: 'TEST_5X00000000000001' })],
    ])('is not verified over %s', (_, change) => {
      expect(verifies(vector, textOf(vector, change(vector)))).toBe(false);
    });

    it('is not verified over Windows line breaks', () => {
      const text = Buffer.from(vector.contentToBeSigned.replace('\n', '\r\n'));
      expect(verifies(vector, text)).toBe(false);
    });

    it('is not verified by the key of the other side', () => {
      const other = cases.find(
        ({ verifyWithPublicKeySpkiBase64: key }) => key !== vector.verifyWithPublicKeySpkiBase64,
      );
      const signature = parseSignatureHeader(vector.signatureHeader)?.signature ?? '';
      expect(other).toBeDefined();
      expect(verifyText(textOf(vector), signature, publicKeyOf(other ?? vector))).toBe(false);
    });

    it('is not verified after a form decoding, which turns plus signs into blanks', () => {
      const plain = decodeURIComponent(vector.signatureHeader);
      expect(plain).toContain('+');
      expect(verifies(vector, textOf(vector), plain.replaceAll('+', ' '))).toBe(false);
    });

    it('loses its padding to a reader that splits on every equals sign', () => {
      const plain = decodeURIComponent(vector.signatureHeader);
      const truncated = plain.split('signature=')[1]?.split('=')[0] ?? '';
      expect(parseSignatureHeader(plain)?.signature).toBe(`${truncated}==`);
    });
  });
});

describe('a signature of our own', () => {
  const keys = newKeyPair();

  it('covers bytes beyond ASCII, and is verified after a round through the header', async () => {
    const body = Buffer.from('{"merchantName":"日本の店 🍣"}', 'utf8');
    const text = signedText({ method: 'POST', path: '/p?q=1', clientId: 'c', time: 't', body });
    const header = formatSignatureHeader('7', await signText(text, keys.privateKey));
    const parsed = parseSignatureHeader(header);
    expect(parsed?.keyVersion).toBe('7');
    expect(verifyText(text, parsed?.signature ?? '', keys.publicKey)).toBe(true);
    expect(text.subarray(text.length - body.length).equals(body)).toBe(true);
  });

  it.each(['', 'AAAA', 'x'.repeat(4_000)])('is not %j', (signature) => {
    expect(verifyText(Buffer.from('text'), signature, keys.publicKey)).toBe(false);
  });
});
