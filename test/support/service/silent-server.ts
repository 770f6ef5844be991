import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface SilentServer {
  readonly server: Server;
  /** `127.0.0.1:port` */
  readonly host: string;
  isAsked(): boolean;
}

/** Accepts connections, and never answers. */
export async function silentServer(): Promise<SilentServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, host: `127.0.0.1:${port}`, isAsked: () => sockets.length > 0 };
}
