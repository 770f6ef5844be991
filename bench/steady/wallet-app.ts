import { Pool } from 'undici';
import { A_CONFIRMATION, aScan } from '../compare/scenario.js';

/** Far more than are ever under way at a rate that does not saturate: nothing waits for a connection here. */
const CONNECTIONS = 128;

/** A wallet's app, as many payers use it. Any answer but the wanted one is a failure. */
export class WalletApp {
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly token: string,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS, headersTimeout: 60_000 });
  }

  /** Scans a new code and tells the payment that came of it. */
  async scan(): Promise<string> {
    const body = await this.post('/v1/scans', aScan(), 201);
    const paymentId = /"paymentId":"([^"]+)"/.exec(body)?.[1];
    if (paymentId === undefined) throw new Error(`a scan led to no payment: ${body}`);
    return paymentId;
  }

  async confirm(paymentId: string): Promise<void> {
    const body = await this.post(`/v1/payments/${paymentId}/confirm`, A_CONFIRMATION, 200);
    if (!body.includes('"status":"PAID"')) throw new Error(`a payment was not paid: ${body}`);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async post(path: string, body: string, wanted: number): Promise<string> {
    const answer = await this.pool.request({
      method: 'POST',
      path,
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
    });
    const text = await answer.body.text();
    if (answer.statusCode !== wanted) throw new Error(`POST ${path}: ${answer.statusCode} ${text}`);
    return text;
  }
}
