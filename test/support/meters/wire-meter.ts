import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A proxy between a client and its server that passes everything on and counts it: the numbers are those on the wire,
 * whatever library sent it.
 */
export class WireMeter {
  connections = 0;
  bytesSent = 0;
  bytesReceived = 0;
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  protected constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  static async before(url: string): Promise<WireMeter> {
    const meter = new WireMeter(targetOf(url));
    await meter.listen();
    return meter;
  }

  /** The same address through the meter. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    // An origin is written without a slash at its end.
    return changed.pathname === '/' ? changed.origin : changed.href;
  }

  async close(): Promise<void> {
    const { server } = this;
    server?.close();
    for (const socket of this.sockets) socket.destroy();
    if (server?.listening === true) await once(server, 'close');
  }

  protected async listen(): Promise<void> {
    this.server = createServer((client) => this.join(client)).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port; // a TCP server that listens has one
  }

  /** Called with every chunk the client sends, before it is passed on. */
  protected watch(_client: Socket, _chunk: Buffer): void {}

  private join(client: Socket): void {
    const server = connect(this.target);
    this.connections += 1;
    client.on('data', (chunk: Buffer) => {
      this.bytesSent += chunk.length;
      this.watch(client, chunk);
    });
    server.on('data', (chunk: Buffer) => (this.bytesReceived += chunk.length));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}

export function targetOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
