import type { Json } from './api-client.js';

/** What the twin was asked and told, as it wrote it down itself. */
export class TwinBooks {
  constructor(readonly url: string) {}

  /** The order or code of a code value; undefined when the twin was never asked for it. */
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

  /** The calls that asked what codes mean, oldest first; of one code when it is named. */
  async decodeCalls(codeValue?: string): Promise<Json[]> {
    const path = `path=${encodeURIComponent('/aps/api/v1/payments/userInitiatedPay')}`;
    return this.calls(
      `?${path}${codeValue === undefined ? '' : `&codeValue=${encodeURIComponent(codeValue)}`}`,
    );
  }

  summary(): Promise<Json> {
    return this.get('/_twin/summary');
  }

  /** Fleet-wide trouble, see the twin's README. */
  async behave(behaviour: object): Promise<void> {
    await fetch(`${this.url}/_twin/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(behaviour),
    });
  }

  /** Has the twin cancel an order, or an id it never gave out; answers with what came back. */
  cancel(paymentRequestId: string): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/cancel`);
  }

  /** Has the twin ask how a payment stands. */
  inquire(paymentRequestId: string): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/inquire`);
  }

  /** Has the twin ask for a refund; what is not named is left out. */
  refund(paymentRequestId: string, fields: object): Promise<Json> {
    return this.post(`/_twin/orders/${paymentRequestId}/refund`, fields);
  }

  /** Has the twin ask how a refund stands. */
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
