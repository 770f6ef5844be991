import { isIP, SocketAddress } from 'node:net';

/** Some proxies write the port of their caller behind its address, which is another one for each connection. */
const WITH_PORT = /^(?:(\d+(?:\.\d+){3}):\d{1,5}|\[([^\]]+)\](?::\d{1,5})?)$/;

/**
 * Of whom requests from this address are counted: the address, and in IPv6 its /64, since one host can use as many
 * addresses of that as it likes. What a proxy hands on and is no address counts as everybody's.
 */
export function networkOf(text: string): string {
  const [, v4, v6] = WITH_PORT.exec(text.trim()) ?? [];
  const address = v4 ?? v6 ?? text.trim();
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : '';
  // As it is written by convention (RFC 5952), mapped IPv4 with dots.
  const shortest = new SocketAddress({ address, family: 'ipv6' }).address;
  if (shortest.includes('.')) return shortest.slice(shortest.lastIndexOf(':') + 1);
  const [head, tail] = shortest.split('::');
  const [before, behind] = [groupsOf(head), groupsOf(tail)];
  const missing = Array.from({ length: 8 - before.length - behind.length }, () => '0');
  return [...before, ...missing, ...behind].slice(0, 4).join(':');
}

const groupsOf = (text = ''): string[] => text.split(':').filter((group) => group !== '');
