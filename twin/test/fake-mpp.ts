import { sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CLIENT_ID, MPP_KEYS, TWIN_KEYS } from './test-keys.js';

export interface FakeAnswer {
  readonly body: unknown;
  readonly isUnsigned?: boolean;
  readonly isBadlySigned?: boolean;
  readonly hangsUp?: boolean;
  readonly isSilent?: boolean;
}

interface SeenCall {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly isSignatureValid: boolean;
}

export interface FakeMpp {
  readonly url: string;
  readonly seen: SeenCall[];
  /** Answers to come, by path; the last one repeats. */
  answer(path: string, ...answers: readonly FakeAnswer[]): void;
  close(): Promise<void>;
}

export const INQUIRY_PATH = '/aps/api/v1/payments/inquiryPayment';
export const CANCEL_PATH = '/aps/api/v1/payments/cancelPayment';

export function result(resultStatus: string, resultCode: string): FakeAnswer {
  return { body: { result: { resultStatus, resultCode, resultMessage: 'fake' } } };
}

export function inquired(
  paymentResult: { resultStatus: string; resultCode: string },
  more: object = {},
): FakeAnswer {
  const success = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'fake' };
  return { body: { result: success, paymentResult, ...more } };
}

/** An MPP whose answers a test sets, over a real socket, signed by the protocol. */
export async function startFakeMpp(): Promise<FakeMpp> {
  const seen: SeenCall[] = [];
  const answers = new Map<string, FakeAnswer[]>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const path = request.url ?? '';
      seen.push(seenCall(request, path, text));
      const queue = answers.get(path) ?? [];
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      send(response, path, answer ?? result('S', 'SUCCESS'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    answer: (path, ...next) => void answers.set(path, [...next]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function seenCall(request: IncomingMessage, path: string, text: string): SeenCall {
  const time = String(request.headers['request-time']);
  const content = `POST ${path}\n${CLIENT_ID}.${time}.${text}`;
  const base64 = decodeURIComponent(String(request.headers['signature']).split('signature=')[1] ?? '');
  const signature = Buffer.from(base64, 'base64');
  return {
    path,
    // The tests read single fields of it.
    body: JSON.parse(text) as Record<string, unknown>,
    isSignatureValid: verify('RSA-SHA256', Buffer.from(content), TWIN_KEYS.publicKey, signature),
  };
}

function send(response: ServerResponse, path: string, answer: FakeAnswer): void {
  if (answer.isSilent) return;
  if (answer.hangsUp) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(answer.body);
  const time = new Date().toISOString();
  const content = `POST ${path}\n${CLIENT_ID}.${time}.${answer.isBadlySigned ? 'other' : text}`;
  const base64 = sign('RSA-SHA256', Buffer.from(content), MPP_KEYS.privateKey).toString('base64');
  response.setHeader('Client-Id', CLIENT_ID);
  if (!answer.isUnsigned) {
    response.setHeader('Response-Time', time);
    response.setHeader(
      'Signature',
      `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(base64)}`,
    );
  }
  response.end(text);
}
