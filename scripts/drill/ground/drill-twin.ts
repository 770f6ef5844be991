import { setTimeout as sleep } from 'node:timers/promises';
import { ofProject } from '../../mpp/root.js';
import { KeptProgram } from '../programs/kept-program.js';

export interface DrillTwinOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  readonly onText: (text: string) => void;
  readonly onEndedByItself: (what: string) => void;
}

/** The twin in a process of its own: its books are in a file, so they survive when it is killed. */
export class DrillTwin {
  readonly program: KeptProgram;
  readonly url: string;

  constructor({ environment, url, onText, onEndedByItself }: DrillTwinOptions) {
    this.url = url;
    this.program = new KeptProgram({
      name: 'the twin',
      start: { file: ofProject('dist/twin/main.js'), readyEvent: 'ready', onText },
      environment,
      onEndedByItself,
    });
  }

  /** Trouble for everyone, see the twin's README. */
  async behave(behaviour: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await patiently(() => this.post('/_twin/behaviour', behaviour));
    if (!response.ok) throw new Error(`the twin does not understand: ${await response.text()}`);
  }

  /** Makes it cancel an order, with repetitions until an answer. Does nothing when the twin is down. */
  async cancel(paymentRequestId: string): Promise<void> {
    await this.post(`/_twin/orders/${encodeURIComponent(paymentRequestId)}/cancel`).catch(() => undefined);
  }

  /** Makes it request a refund again, with the same fields. Does nothing when the twin is down. */
  async refund(paymentRequestId: string, fields: object): Promise<void> {
    await this.post(`/_twin/orders/${encodeURIComponent(paymentRequestId)}/refund`, fields).catch(
      () => undefined,
    );
  }

  /** Makes it inquire about a payment, and compare the answer with the notification. */
  async inquire(paymentRequestId: string): Promise<void> {
    await patiently(() => this.post(`/_twin/orders/${encodeURIComponent(paymentRequestId)}/inquire`));
  }

  private post(path: string, body: object = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
  }
}

/** On a busy machine a running process may still be slow to answer. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 5) throw error;
      await sleep(500);
    }
  }
}
