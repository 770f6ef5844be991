import { checkDescribed } from './described-answers.js';

/** Answers are read by tests, which say what they expect of them. */
// eslint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly body: Json;
}

export interface PaymentShown {
  readonly paymentId: string;
  readonly payAmount: { readonly currency: string; readonly value: string };
}

/** A client of the REST API as anybody could write one; every answer must match its description. */
export class ApiClient {
  constructor(
    private readonly url: string,
    /** Undefined: calls without authentication. */
    private readonly token: string | undefined,
  ) {}

  scan(codeValue: string, customerId = 'customer-rich', more: object = {}): Promise<ApiAnswer> {
    return this.send('POST', '/v1/scans', { codeValue, customerId, ...more });
  }

  readScan(scanId: string, waitMs = 0): Promise<ApiAnswer> {
    return this.send('GET', `/v1/scans/${scanId}?waitMs=${waitMs}`);
  }

  /** Scans and waits until the scan is no longer pending. */
  async scanUntilDecided(codeValue: string, customerId = 'customer-rich'): Promise<ApiAnswer> {
    let answer = await this.scan(codeValue, customerId);
    for (let polls = 0; answer.status === 202 && polls < 10; polls += 1) {
      answer = await this.readScan(answer.body.scanId, 10_000);
    }
    return answer;
  }

  /** A payment that waits for its payer. */
  async decodedPayment(codeValue: string, customerId = 'customer-rich'): Promise<Json> {
    const answer = await this.scanUntilDecided(codeValue, customerId);
    if (answer.body.status !== 'DECODED') throw new Error(`not decoded: ${answer.text}`);
    return answer.body.payment;
  }

  /** Confirms the shown payment, or something else. */
  confirm(payment: PaymentShown, body: object = {}): Promise<ApiAnswer> {
    const { currency, value } = payment.payAmount;
    const confirmation = { payAmount: { currency, value }, ...body };
    return this.send('POST', `/v1/payments/${payment.paymentId}/confirm`, confirmation);
  }

  decline(paymentId: string): Promise<ApiAnswer> {
    return this.send('POST', `/v1/payments/${paymentId}/decline`);
  }

  read(paymentId: string): Promise<ApiAnswer> {
    return this.send('GET', `/v1/payments/${paymentId}`);
  }

  /** All that is known of a payment; for operators' tokens. */
  operations(path: string): Promise<ApiAnswer> {
    return this.send('GET', `/v1/operations${path}`);
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
    return this.raw(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: (isJson ? JSON.stringify(body) : body) as string }),
    });
  }

  /** Sends it unchanged, with our token unless the headers have another. */
  async raw(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...init.headers,
      },
    });
    const text = await response.text();
    checkDescribed(init.method ?? 'GET', path, { status: response.status, headers: response.headers, text });
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
