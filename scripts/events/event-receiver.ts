import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** An event as received, and the verdict on its signature. */
export interface ReceivedEvent {
  readonly id: string;
  /** The number of its signatures; there are two during a rotation of the secret. */
  readonly signatures: number;
  readonly verdict: 'good' | 'not verified' | 'refused';
  /** Absent where the bytes are not JSON, or refused. */
  readonly message?: unknown;
}

const LARGEST_BYTES = 1024 * 1024;

/**
 * A receiver for developers: it accepts events at any path, and acknowledges those that it could verify. Without a
 * secret it verifies nothing and acknowledges everything.
 */
export class EventReceiver {
  private readonly server: Server;
  private readonly webhook: Webhook | undefined;

  constructor(
    secret: string | undefined,
    private readonly onEvent: (event: ReceivedEvent) => void,
  ) {
    this.webhook = secret === undefined ? undefined : new Webhook(secret);
    this.server = createServer((request, response) => {
      void this.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
    });
  }

  /** @returns the port, which is a free one for 0 */
  async start(port: number, host = '127.0.0.1'): Promise<number> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port; // it listens on TCP
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BYTES) return 413;
      chunks.push(chunk);
    }
    const event = this.judge(request.headers, Buffer.concat(chunks));
    this.onEvent(event);
    return event.verdict === 'refused' ? 401 : 204;
  }

  private judge(headers: IncomingMessage['headers'], body: Buffer): ReceivedEvent {
    const text = (name: string): string => String(headers[name] ?? '');
    const signed = {
      'webhook-id': text('webhook-id'),
      'webhook-timestamp': text('webhook-timestamp'),
      'webhook-signature': text('webhook-signature'),
    };
    const known = {
      id: signed['webhook-id'],
      signatures: signed['webhook-signature'].split(' ').filter((one) => one !== '').length,
    };
    try {
      if (!this.webhook)
        return { ...known, verdict: 'not verified', message: JSON.parse(body.toString()) as unknown };
      return { ...known, verdict: 'good', message: this.webhook.verify(body, signed) };
    } catch {
      return { ...known, verdict: 'refused' };
    }
  }
}
