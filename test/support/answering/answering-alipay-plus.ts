import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedHeaders } from '../../../scripts/fuzz/signed-headers.js';
import { isSignedBy, type ReceivedCall } from './received-call.js';

/** The exact answer. Without headers the body is signed unchanged. */
export interface ScriptedAnswer {
  readonly httpStatus?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AnsweringKeys {
  readonly alipayPlusPrivate: string;
  readonly mppPublic: string;
}

export const ANSWERING_CLIENT_ID = 'TEST_5X00000000000000';
export const USER_INITIATED_PAY = '/aps/api/v1/payments/userInitiatedPay';
export const NOTIFY_PAYMENT = '/aps/api/v1/payments/notifyPayment';
const SUCCESS = { result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' } };

/**
 * An Alipay+ that answers each code with the bytes a test gave it, over real HTTP, and acknowledges every notification.
 * It does not parse its answers, so that any answer is possible.
 */
export class AnsweringAlipayPlus {
  /** Calls whose signature is not ours; at its end a test expects none. */
  readonly badlySigned: ReceivedCall[] = [];
  private readonly answers = new Map<string, ScriptedAnswer>();
  private readonly decodes = new Map<string, number>();
  private readonly notified = new Map<string, ReceivedCall[]>();
  private readonly server: Server;

  private constructor(private readonly keys: AnsweringKeys) {
    this.server = createServer((request, response) => void this.receive(request, response));
  }

  static async start(keys: AnsweringKeys): Promise<AnsweringAlipayPlus> {
    const started = new AnsweringAlipayPlus(keys);
    started.server.listen(0, '127.0.0.1');
    await once(started.server, 'listening');
    return started;
  }

  get url(): string {
    // A server that listens on a port has an address of this kind.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the answer to every later call about this code. */
  answer(codeValue: string, answer: ScriptedAnswer): void {
    this.answers.set(codeValue, answer);
  }

  /** The number of calls about a code. */
  callsFor(codeValue: string): number {
    return this.decodes.get(codeValue) ?? 0;
  }

  /** The bodies of the notifications about an order, in the order of their arrival. */
  notificationsOf(paymentRequestId: string): readonly Buffer[] {
    return this.notifyCallsOf(paymentRequestId).map(({ body }) => body);
  }

  /** The notifications about an order as they came, with their headers. */
  notifyCallsOf(paymentRequestId: string): readonly ReceivedCall[] {
    return this.notified.get(paymentRequestId) ?? [];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const call = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
    if (!isSignedBy(this.keys.mppPublic, ANSWERING_CLIENT_ID, call)) this.badlySigned.push(call);
    const answer = this.answerTo(call);
    response.writeHead(answer.httpStatus ?? 200, answer.headers ?? this.headersFor(call.path, answer.body));
    response.end(answer.body);
  }

  private answerTo(call: ReceivedCall): ScriptedAnswer {
    const { codeValue = '', paymentRequestId = '' } = JSON.parse(call.body.toString('utf8')) as Record<
      string,
      string | undefined
    >; // the service sends objects of strings; anything else fails the test here
    if (call.path === NOTIFY_PAYMENT) {
      this.notified.set(paymentRequestId, [...this.notifyCallsOf(paymentRequestId), call]);
      return { body: Buffer.from(JSON.stringify(SUCCESS)) };
    }
    const answer = call.path === USER_INITIATED_PAY ? this.answers.get(codeValue) : undefined;
    if (!answer) return { httpStatus: 404, headers: {}, body: Buffer.from(`nothing under ${call.path}`) };
    this.decodes.set(codeValue, this.callsFor(codeValue) + 1);
    return answer;
  }

  private headersFor(path: string, body: Buffer): Record<string, string> {
    const key = this.keys.alipayPlusPrivate;
    return signedHeaders({ key, clientId: ANSWERING_CLIENT_ID, path, time: new Date().toISOString(), body });
  }
}
