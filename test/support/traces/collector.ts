import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../service/api-client.js';

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Accepts traces over OTLP/HTTP as JSON, as a collector does. */
export class Collector {
  /** What was exported, byte for byte. */
  text = '';
  readonly spans: SeenSpan[] = [];
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.take(Buffer.concat(chunks).toString());
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  /** The settings with which a service exports its traces here. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.server.address() as AddressInfo; // it listens on TCP
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    };
  }

  trace(traceId: string): SeenSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(text: string): void {
    this.text += text;
    const told: Json = JSON.parse(text);
    for (const { scopeSpans } of told.resourceSpans)
      for (const { spans } of scopeSpans) this.spans.push(...spans.map(toSeen));
  }
}

function toSeen({ traceId, spanId, parentSpanId, name, kind, links = [], attributes }: Json): SeenSpan {
  return {
    traceId,
    spanId,
    name,
    kind,
    links: links.map((link: Json) => ({ traceId: link.traceId, spanId: link.spanId })),
    attributes: Object.fromEntries(
      attributes.map(({ key, value }: Json) => [key, value.stringValue ?? value.intValue]),
    ),
    ...(parentSpanId === undefined || parentSpanId === '' ? {} : { parentSpanId }),
  };
}
