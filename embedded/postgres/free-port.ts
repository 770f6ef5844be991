import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const OUTGOING_PORTS = '/proc/sys/net/ipv4/ip_local_port_range';
/** The range for outgoing connections on macOS, Windows and most Linux systems begins above the second of them. */
const USUAL: PortRange = { first: 10_240, last: 32_767 };
/** Below these are the well-known services; above them nothing. */
const ANY: PortRange = { first: 1_024, last: 65_535 };
/** With fewer to choose from, servers that start at the same moment would meet too often. */
const ENOUGH = 1_000;
const TRIES = 20;

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The wanted port if nobody listens on it, else (as for 0) any free one. */
export async function freePort(host: string, wanted: number): Promise<number> {
  if (wanted !== 0 && (await tryPort(host, wanted)) !== undefined) return wanted;
  const { first, last } = portsForServers(await readFile(OUTGOING_PORTS, 'utf8').catch(() => ''));
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = await tryPort(host, randomInt(first, last + 1));
    if (port !== undefined) return port;
  }
  return (await tryPort(host, 0)) ?? wanted;
}

/**
 * Ports outside the system's range for outgoing connections. A port inside it may be taken at any moment, before a
 * server binds it or while the server restarts.
 *
 * @param outgoing as Linux gives it: first and last, both in the range, e.g. `32768	60999`; empty where unknown
 */
export function portsForServers(outgoing: string): PortRange {
  const [first, last] = (outgoing.match(/\d+/g) ?? []).map(Number);
  if (first === undefined || last === undefined) return USUAL;
  const gaps: PortRange[] = [
    { first: USUAL.first, last: first - 1 },
    { first: last + 1, last: ANY.last },
    { first: ANY.first, last: first - 1 },
  ];
  return gaps.find((gap) => gap.last - gap.first >= ENOUGH) ?? USUAL;
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
