import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * Below those that Linux and macOS take for outgoing connections: one of those may be taken at any moment, before a
 * server gets to it or while the server is being restarted.
 */
const FIRST = 10_240;
const LAST = 32_767;
const TRIES = 20;

/** The wanted port if nobody listens on it, else (as for 0) any free one. */
export async function freePort(host: string, wanted: number): Promise<number> {
  if (wanted !== 0 && (await tryPort(host, wanted)) !== undefined) return wanted;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = await tryPort(host, randomInt(FIRST, LAST + 1));
    if (port !== undefined) return port;
  }
  return (await tryPort(host, 0)) ?? wanted;
}

function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo; // a TCP server that listens has one
      server.close(() => resolve(address.port));
    });
  });
}
