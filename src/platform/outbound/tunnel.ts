import { request as requestPlain } from 'node:http';
import { request as requestSecured } from 'node:https';
import type { Socket } from 'node:net';

/** What a proxy that opens no tunnel fails with. */
export const PROXY_REFUSED = 'ERR_PROXY_REFUSED';

class ProxyRefusedError extends Error {
  readonly code = PROXY_REFUSED;
}

export interface TunnelEnd {
  /** A name, or the address that was judged, in which case the proxy looks nothing up. */
  readonly host: string;
  readonly port: number;
}

/**
 * A connection to the other end by way of an HTTP proxy (CONNECT, RFC 9110, section 9.3.6). What goes through it is for
 * the other end alone: TLS begins in it, and the proxy sees neither signature nor body.
 */
export function openTunnel(proxy: URL, { host, port }: TunnelEnd, timeoutMs: number): Promise<Socket> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const isSecured = proxy.protocol === 'https:';
  const send = isSecured ? requestSecured : requestPlain;
  const usualPort = isSecured ? 443 : 80;
  return new Promise((resolve, reject) => {
    const asked = send({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? usualPort : Number(proxy.port),
      method: 'CONNECT',
      path: place,
      headers: { host: place, ...credentials(proxy) },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    asked.once('connect', (answer, socket: Socket, early: Buffer) => {
      // With TLS and HTTP the client speaks first; bytes that came before are not part of the tunnel.
      if (answer.statusCode === 200 && early.length === 0) return resolve(socket);
      socket.destroy();
      reject(new ProxyRefusedError(`the proxy answered ${answer.statusCode}`));
    });
    asked.once('response', (answer) => {
      answer.destroy();
      reject(new ProxyRefusedError(`the proxy answered ${answer.statusCode}`));
    });
    asked.once('error', reject);
    asked.end();
  });
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}
