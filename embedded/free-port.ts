import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The wanted port if nobody listens on it, else any free one. */
export async function freePort(host: string, wanted: number): Promise<number> {
  return (await tryPort(host, wanted)) ?? (await tryPort(host, 0)) ?? wanted;
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
