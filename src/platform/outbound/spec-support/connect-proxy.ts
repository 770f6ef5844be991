import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface AskedOfProxy {
  readonly place: string;
  readonly access: string | undefined;
}

/** An HTTP proxy that opens tunnels, whatever name is asked for, to that port of this machine. */
export class ConnectProxy {
  readonly asked: AskedOfProxy[] = [];
  /** What it answers instead of a tunnel; `silence` is no answer at all. */
  refusal: string | undefined;
  private readonly server = createServer();

  constructor() {
    this.server.on('connect', (request: IncomingMessage, client: Socket) => {
      this.asked.push({ place: request.url ?? '', access: request.headers['proxy-authorization'] });
      client.on('error', () => client.destroy());
      if (this.refusal === 'silence') return;
      if (this.refusal !== undefined) {
        client.end(this.refusal);
        return;
      }
      const server = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(server).pipe(client);
      });
      server.on('error', () => client.destroy());
    });
  }

  /** Its `host:port`. */
  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    // A server that listens on TCP has an address of this kind.
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
