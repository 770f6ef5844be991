import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { atPort } from './at-port.js';

/**
 * A proxy between a client and its server that can be shut (connections break, new ones are refused) or blocked
 * (everything is accepted and nothing passes, as in a network that drops packets).
 */
export class TcpGate {
  static async before(url: string): Promise<TcpGate> {
    const gate = new TcpGate(placeOf(url));
    await gate.open();
    return gate;
  }

  private server: Server | undefined;
  private port = 0;
  private blocked = false;
  private readonly sockets = new Set<Socket>();
  private readonly swallowed = new Set<Socket>();

  private constructor(private target: { host: string; port: number }) {}

  /** The same address by way of the gate. */
  through(url: string): string {
    return atPort(url, this.port);
  }

  async open(): Promise<void> {
    this.blocked = false;
    for (const socket of this.swallowed) socket.destroy();
    this.swallowed.clear();
    for (const socket of this.sockets) socket.resume();
    if (this.server) return;
    // It has to come back on the port that its clients know.
    this.port ||= await freePort('127.0.0.1', 0);
    this.server = createServer((client) => this.join(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async shut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.close();
    for (const socket of this.sockets) socket.destroy();
    if (server?.listening === true) await once(server, 'close');
  }

  /** New connections go to this port; open ones stay, as behind an address that was moved. */
  leadTo(port: number): void {
    this.target = { ...this.target, port };
  }

  block(): void {
    this.blocked = true;
    for (const socket of this.sockets) socket.pause();
  }

  /**
   * Open connections go on without an answer; new ones pass. Whatever is sent on an old one is lost, and when the gate
   * is opened the connection is ended, as by a proxy that has forgotten it.
   */
  swallow(): void {
    for (const socket of this.sockets) {
      socket.pause();
      this.swallowed.add(socket);
    }
  }

  private join(client: Socket): void {
    const server = connect(this.target);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.blocked) from.pause();
    }
  }
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
