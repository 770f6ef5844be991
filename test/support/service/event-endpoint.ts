import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { Json } from './api-client.js';
import { eventFaults } from './described-answers.js';

/** One call to the endpoint, and its answer. */
export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly paymentId: string | undefined;
  readonly message: Json;
  readonly answered: number;
}

/** The wallet's back end: it accepts signed events, and answers as a test says. */
export class EventEndpoint {
  readonly told: ToldEvent[] = [];
  /** One for each call. */
  readonly traceparents: (string | undefined)[] = [];
  /** Calls with an invalid signature. */
  unsigned = 0;
  /** Differences of the received events from docs/openapi.json. */
  private readonly faults: string[] = [];
  /** The answer to a signed event. */
  answer: (told: Omit<ToldEvent, 'answered'>) => number = () => 204;
  private readonly secret = `whsec_${randomBytes(32).toString('base64')}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'event-endpoint-'));
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
    });
  }

  static async start(): Promise<EventEndpoint> {
    const endpoint = new EventEndpoint();
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    const { port } = endpoint.server.address() as AddressInfo; // it listens on TCP
    const entry = { name: 'core', url: `http://127.0.0.1:${port}/events`, secrets: [endpoint.secret] };
    writeFileSync(endpoint.file, JSON.stringify([entry]));
    return endpoint;
  }

  /** The file for EVENTS_ENDPOINTS_FILE. */
  get file(): string {
    return join(this.folder, 'endpoints.json');
  }

  /** The acknowledged types about a payment, in the order of their arrival. */
  taken(paymentId: string): string[] {
    return this.told
      .filter((told) => told.paymentId === paymentId && told.answered === 204)
      .map(({ type }) => type);
  }

  /** @throws when an event differed from the description of its type */
  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    rmSync(this.folder, { recursive: true });
    if (this.faults.length > 0)
      throw new Error(`events differ from their description:\n${this.faults.join('\n')}`);
  }

  private async take(request: IncomingMessage): Promise<number> {
    this.traceparents.push(request.headers['traceparent']?.toString());
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const header = (name: string): string => String(request.headers[name] ?? '');
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    try {
      const signed = Object.fromEntries(names.map((name) => [name, header(name)]));
      const message: Json = new Webhook(this.secret).verify(Buffer.concat(chunks), signed);
      const { type, data } = message;
      this.faults.push(...eventFaults(message as { type: string }).map((fault) => `${type}: ${fault}`));
      const told = { id: header('webhook-id'), type, paymentId: data.payment?.paymentId, message };
      const answered = this.answer(told);
      this.told.push({ ...told, answered });
      return answered;
    } catch {
      this.unsigned += 1;
      return 401;
    }
  }
}
