import { sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from './key-files.js';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What the responder does with a request; by default it signs `body` and sends it with 200. */
export interface Script {
  readonly status?: number;
  readonly body?: string | Buffer;
  /** Overrides what is signed, for answers whose signature does not fit. */
  readonly signed?: Partial<{ path: string; clientId: string; body: string | Buffer }>;
  readonly headers?: (signed: SignedHeaders) => Record<string, string>;
  /** Sent before the answer. */
  readonly before?: (response: ServerResponse) => void;
  /** Takes over the answer altogether. */
  readonly instead?: (response: ServerResponse) => void;
}

export interface SignedHeaders {
  readonly time: string;
  readonly base64: string;
}

/** A real HTTP server that answers as Alipay+ would, or as it should not. Written apart from the code it checks. */
export class SigningResponder {
  readonly requests: ReceivedRequest[] = [];
  script: Script = {};
  connections = 0;
  private readonly server: Server;

  constructor(
    private readonly keys: KeyPair,
    private readonly clientId: string,
  ) {
    this.server = createServer((request, response) => void this.receive(request, response));
    this.server.on('connection', () => (this.connections += 1));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    // A server that listens on a port has an address of this kind.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers, rawHeaders } = request;
    this.requests.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks) });
    this.script.before?.(response);
    if (this.script.instead) this.script.instead(response);
    else this.answer(url, response);
  }

  private answer(url: string, response: ServerResponse): void {
    const { status = 200, body = '', signed = {}, headers = signatureHeaders } = this.script;
    const time = '2025-02-20T08:51:49.412Z';
    const { path = url, clientId = this.clientId, body: signedBody = body } = signed;
    const text = Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`), Buffer.from(signedBody)]);
    const base64 = sign('RSA-SHA256', text, this.keys.privateKey).toString('base64');
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers({ time, base64 }) });
    response.end(body);
  }
}

export function signatureHeaders({ time, base64 }: SignedHeaders): Record<string, string> {
  return {
    'Response-Time': time,
    Signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(base64)}`,
  };
}
