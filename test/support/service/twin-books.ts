import type { Json } from './api-client.js';

/** The twin's own records of the calls it got and made. */
export class TwinBooks {
  constructor(readonly url: string) {}

  /** The order or code of a code value; undefined when the twin never got a call for it. */
  async order(codeValue: string): Promise<Json> {
    return (await this.orders(`?codeValue=${encodeURIComponent(codeValue)}`))[0];
  }

  async orders(query = ''): Promise<Json[]> {
    const answer = await this.get(`/_twin/orders${query}`);
    return Array.isArray(answer) ? answer : answer.orders;
  }

  calls(query = ''): Promise<Json> {
    return this.get(`/_twin/calls${query}`);
  }

  /** The decode calls, oldest first; only those of one code when it is given. */
  async decodeCalls(codeValue?: string): Promise<Json[]> {
    const path = `path=${encodeURIComponent('/aps/api/v1/payments/userInitiatedPay')}`;
    return this.calls(
      `?${path}${codeValue === undefined ? '' : `&codeValue=${encodeURIComponent(codeValue)}`}`,
    );
  }

  summary(): Promise<Json> {
    return this.get('/_twin/summary');
  }

  /** Trouble for all calls, see the twin's README. */
  async behave(behaviour: object): Promise<void> {
    await fetch(`${this.url}/_twin/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(behaviour),
    });
  }

  /** Makes the twin cancel an order, or an id it never issued; returns the answer. */
  cancel(paymentRequestId: string): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/cancel`);
  }

  /** Makes the twin inquire about a payment. */
  inquire(paymentRequestId: string): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/inquire`);
  }

  /** Makes the twin request a refund; absent fields are left out. */
  refund(paymentRequestId: string, fields: object): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/refund`, fields);
  }

  /** Makes the twin inquire about a refund. */
  inquireRefund(paymentRequestId: string, refundRequestId: string): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/inquirerefund`, { refundRequestId });
  }

  private async post(path: string, body?: object): Promise<Json> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${this.url}${path}`, { method: 'POST', ...sent })).json();
  }

  private async get(path: string): Promise<Json> {
    return (await fetch(`${this.url}${path}`)).json();
  }
}
