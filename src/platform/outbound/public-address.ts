import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Every address of the IPv6 internet; mapped, translated, local and reserved ones lie outside or in ranges of their own. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** In a public range, but it leads to the services of the hosting machines. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to a host on the internet. Private, loopback, link-local, shared (CGNAT), multicast,
 * reserved and unspecified addresses are not, nor is any IPv6 form that carries an IPv4 address inside: mapped, NAT64,
 * 6to4, Teredo. What cannot be read is not.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || METADATA.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
}
