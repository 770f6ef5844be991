import { Pool } from 'undici';
import { aScan, CUSTOMERS } from '../compare/scenario.js';

/** Far more than are ever in use at a rate below the maximum: nothing waits for a connection here. */
const CONNECTIONS = 128;

/** The payment that a payer is shown and confirms. */
export interface Shown {
  readonly paymentId: string;
  readonly payAmount: { readonly currency: string; readonly value: string };
}

/** A wallet's app, used by many payers. Any answer but the expected one is a failure. */
export class WalletApp {
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly token: string,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS, headersTimeout: 60_000 });
  }

  /** Scans a new code and returns its payment. */
  async scan(): Promise<Shown> {
    const body = await this.post('/v1/scans', aScan(CUSTOMERS), 201);
    return (JSON.parse(body) as { readonly payment: Shown }).payment; // the content of a 201 of this address
  }

  async confirm({ paymentId, payAmount: { currency, value } }: Shown): Promise<void> {
    const confirmation = JSON.stringify({ payAmount: { currency, value } });
    const body = await this.post(`/v1/payments/${paymentId}/confirm`, confirmation, 200);
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
