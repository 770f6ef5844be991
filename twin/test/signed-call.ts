import { sign, verify } from 'node:crypto';
import { CLIENT_ID, MPP_KEYS, TWIN_KEYS } from './test-keys.js';

export const PAY_PATH = '/aps/api/v1/payments/userInitiatedPay';
export const NOTIFY_PATH = '/aps/api/v1/payments/notifyPayment';

export interface CallChanges {
  readonly privateKey?: string;
  readonly clientId?: string;
  readonly keyVersion?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of the body that was signed. */
  readonly sentBody?: string;
  /** Rewrites the Signature header. */
  readonly signature?: (header: string) => string;
}

export interface TwinAnswer {
  readonly httpStatus: number;
  readonly headers: Headers;
  readonly text: string;
  readonly isSigned: boolean;
  readonly isSignatureValid: boolean;
  readonly json: AnswerJson;
}

export interface AnswerJson {
  readonly result?: {
    readonly resultStatus: string;
    readonly resultCode: string;
    readonly resultMessage: string;
  };
  readonly [field: string]: unknown;
}

/**
 * Calls the twin as an MPP does. The signature is made here by the text of the protocol, not with the twin's own code.
 */
export async function callTwin(
  url: string,
  path: string,
  body: unknown,
  changes: CallChanges = {},
): Promise<TwinAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const method = changes.method ?? 'POST';
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...signedHeaders(method, path, text, changes), ...changes.headers },
    ...(method === 'GET' ? {} : { body: changes.sentBody ?? text }),
  });
  return read(response, method, path);
}

export function signedHeaders(
  method: string,
  path: string,
  text: string,
  changes: CallChanges = {},
): Record<string, string> {
  const clientId = changes.clientId ?? CLIENT_ID;
  const time = new Date().toISOString();
  const content = Buffer.from(`${method} ${path}\n${clientId}.${time}.${text}`);
  const base64 = sign('RSA-SHA256', content, changes.privateKey ?? MPP_KEYS.privateKey).toString('base64');
  const header = `algorithm=RSA256,keyVersion=${changes.keyVersion ?? '1'},signature=${encodeURIComponent(base64)}`;
  return {
    'Content-Type': 'application/json; charset=UTF-8',
    'Client-Id': clientId,
    'Request-Time': time,
    Signature: changes.signature?.(header) ?? header,
  };
}

async function read(response: Response, method: string, path: string): Promise<TwinAnswer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = response.headers.get('signature');
  const time = response.headers.get('response-time') ?? '';
  const content = Buffer.concat([Buffer.from(`${method} ${path}\n${CLIENT_ID}.${time}.`), bytes]);
  const base64 = decodeURIComponent(header?.split('signature=')[1] ?? '');
  return {
    httpStatus: response.status,
    headers: response.headers,
    text: bytes.toString(),
    isSigned: header !== null,
    isSignatureValid: verify('RSA-SHA256', content, TWIN_KEYS.publicKey, Buffer.from(base64, 'base64')),
    json: jsonOf(bytes.toString()),
  };
}

function jsonOf(text: string): AnswerJson {
  try {
    // The tests read fields of this shape; a wrong shape fails the test that reads it.
    return JSON.parse(text) as AnswerJson;
  } catch {
    return {};
  }
}

export function decode(url: string, codeValue: string, customerId = 'customer-1'): Promise<TwinAnswer> {
  return callTwin(url, PAY_PATH, { codeValue, customerId });
}

/** A correct notification that the order was paid. */
export function paidNotification(order: AnswerJson): Record<string, unknown> {
  return {
    paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
    paymentRequestId: order['paymentRequestId'],
    paymentId: 'MPP-PAY-0001',
    paymentTime: '2025-11-27T11:58:41+08:00',
    paymentAmount: order['paymentAmount'],
    payToAmount: order['payToAmount'],
    customerId: 'customer-1',
  };
}

export function failedNotification(order: AnswerJson): Record<string, unknown> {
  return {
    paymentResult: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'closed' },
    paymentRequestId: order['paymentRequestId'],
  };
}

export function notify(url: string, notification: unknown): Promise<TwinAnswer> {
  return callTwin(url, NOTIFY_PATH, notification);
}
