import { Agent as PlainAgent, type ClientRequestArgs } from 'node:http';
import { Agent as SecuredAgent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { openTunnel } from './tunnel.js';

export interface TunnelRules {
  readonly proxy: URL;
  /** Longest wait for the proxy; what it still opens afterwards is closed. */
  readonly timeoutMs: number;
}

type Opened = (error: Error | null, stream: Duplex) => void;

/** Connections of `node:http` by way of an HTTP proxy, kept and used again like any others. */
export class TunnelAgent extends PlainAgent {
  constructor(private readonly rules: TunnelRules) {
    super({ keepAlive: true });
  }

  override createConnection(end: ClientRequestArgs, opened?: Opened): undefined {
    openTo(this.rules, end, (socket) => socket, opened);
  }
}

/**
 * The same with TLS, which begins inside the tunnel: the certificate has to be that of the other end, and the proxy's
 * does not matter.
 */
export class SecuredTunnelAgent extends SecuredAgent {
  constructor(
    private readonly rules: TunnelRules,
    tls: AgentOptions,
  ) {
    super({ ...tls, keepAlive: true });
  }

  override createConnection(end: RequestOptions, opened?: Opened): undefined {
    // Given a socket, Node does its handshake there and connects nowhere.
    const secured = (socket: Socket) => super.createConnection(Object.assign({}, end, { socket })) ?? socket;
    openTo(this.rules, end, secured, opened);
  }
}

function openTo(
  { proxy, timeoutMs }: TunnelRules,
  { host, port }: ClientRequestArgs,
  within: (socket: Socket) => Duplex,
  opened: Opened | undefined,
): void {
  const end = { host: host ?? 'localhost', port: Number(port) };
  openTunnel(proxy, end, timeoutMs).then(
    (socket) => opened?.(null, within(socket)),
    // Node reads no stream beside an error.
    (error: Error) => opened?.(error, undefined as never),
  );
}
