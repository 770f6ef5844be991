import { isIP, type LookupFunction } from 'node:net';
import { callbackify, promisify } from 'node:util';
import { buildConnector } from 'undici';
import { skippingContinue } from './skip-continue.js';
import { openTunnel } from './tunnel.js';

const CONNECT_OPTIONS = { timeout: 10_000, minVersion: 'TLSv1.2' } as const;

/** Connects as the agent does by itself, and reads past what undici takes for a broken answer. */
export function connector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...CONNECT_OPTIONS, ...options });
  return (target, done) =>
    connect(target, (...ended) =>
      ended[0] === null ? done(null, skippingContinue(ended[1])) : done(...ended),
    );
}

type ToEnd = (host: string) => Promise<string>;

export const toName: ToEnd = (host) => Promise.resolve(host);

/** The proxy is given the very address that was judged; a name it would look up again, and might find somewhere else. */
export function toJudged(lookup: LookupFunction): ToEnd {
  const judged = promisify((host: string, done: (error: Error | null, address?: string) => void) =>
    lookup(host, { all: false }, (error, address) => {
      // Asked for one, it gives a text.
      if (error || typeof address !== 'string') done(error ?? new Error('no single address'));
      else done(null, address);
    }),
  );
  return async (host) => (isIP(host) === 0 ? ((await judged(host)) ?? host) : host);
}

/** The same connection, made within one to a proxy: TLS is with the far end, whose name its certificate has to bear. */
export function tunnelling(
  proxy: URL,
  endOf: ToEnd,
  options: buildConnector.BuildOptions = {},
): buildConnector.connector {
  const connect = connector(options);
  const open = callbackify(async (host: string, port: number) =>
    openTunnel(proxy, { host: await endOf(host), port }, CONNECT_OPTIONS.timeout),
  );
  return (target, done) => {
    const isSecured = target.protocol === 'https:';
    const port = Number(target.port) || (isSecured ? 443 : 80);
    open(target.hostname.replace(/^\[(.*)\]$/, '$1'), port, (error, httpSocket) => {
      // Node gives an error and no socket, or a socket and null.
      if (error !== null) done(error, null);
      else if (isSecured) connect({ ...target, httpSocket }, done);
      else done(null, skippingContinue(httpSocket));
    });
  };
}
