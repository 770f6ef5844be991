import { randomUUID, sign, verify } from 'node:crypto';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { testKeys } from './test-keys.js';
import type { TestService } from './test-service.js';

const CLIENT_ID = 'TEST_5X00000000000000';

export interface SignedCall {
  readonly method?: string;
  /** The target in the request line. */
  readonly target: string;
  /** The signed path; absent: the target. */
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The header of the signature; @ stands for the signature itself. */
  readonly label?: string;
  /** Sent in place of the signed body. */
  readonly sent?: Buffer;
  /** Keeps the connection; absent: it is a new one each time. */
  readonly agent?: Agent;
}

export interface SignedReply {
  readonly status: number | undefined;
  readonly resultCode: string | undefined;
  readonly allow: string | undefined;
  /** Whether the answer is signed by us for the signed path. */
  readonly isSigned: boolean;
}

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** A body that names an unknown order. */
export function anInquiry(paymentRequestId = `never-${randomUUID()}`): Buffer {
  return Buffer.from(JSON.stringify({ acquirerId: '1', pspId: '2', paymentRequestId }));
}

/** Calls the service as Alipay+ would, byte for byte, in forms that `fetch` cannot send. */
export async function signedCall({ url }: Pick<TestService, 'url'>, call: SignedCall): Promise<SignedReply> {
  const { method = 'POST', target, signed = target, headers = {}, agent = false } = call;
  // Node would send the body of these without its length, and the server would read it as another request.
  const body = BODILESS.has(method) ? Buffer.alloc(0) : (call.body ?? anInquiry());
  const { sent = body, label = 'algorithm=RSA256,keyVersion=1,signature=@' } = call;
  const time = new Date().toISOString();
  const text = Buffer.concat([Buffer.from(`${method} ${signed}\n${CLIENT_ID}.${time}.`), body]);
  const signature = sign('RSA-SHA256', text, testKeys().alipayPlusPrivate).toString('base64');
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = request({ hostname, port, method, path: target, agent }, resolve);
    outgoing.on('error', reject);
    for (const [name, value] of Object.entries({
      'client-id': CLIENT_ID,
      'request-time': time,
      signature: label.replaceAll('@', encodeURIComponent(signature)),
      ...headers,
    }))
      outgoing.setHeader(name, value);
    outgoing.end(sent);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(Buffer.from(chunk));
  return read(reply, `${method} ${signed}`, Buffer.concat(chunks));
}

function read({ headers, statusCode }: IncomingMessage, line: string, body: Buffer): SignedReply {
  const text = Buffer.concat([
    Buffer.from(`${line}\n${CLIENT_ID}.${String(headers['response-time'])}.`),
    body,
  ]);
  const header = decodeURIComponent(String(headers['signature']).split('signature=')[1] ?? '');
  // Every answer at these paths is JSON with a result, or a problem document without one.
  const json = JSON.parse(body.toString('utf8') || '{}') as { result?: { resultCode?: string } };
  return {
    status: statusCode,
    resultCode: json.result?.resultCode,
    allow: headers.allow,
    isSigned: verify('RSA-SHA256', text, testKeys().mppPublic, Buffer.from(header, 'base64')),
  };
}
