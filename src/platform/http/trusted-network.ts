import { BlockList, isIP } from 'node:net';

/** IPv4 as a socket for both kinds shows it; a network of these is one of IPv4. */
const MAPPED_BITS = 96;
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', MAPPED_BITS, 'ipv6');

/** IPv6 with an address of IPv4 inside (RFC 6052, 8215, 3056), and how many bits stand before that. */
const EMBEDDING = [
  { address: '64:ff9b::', bits: 96 },
  { address: '64:ff9b:1::', bits: 96, within: 48 },
  { address: '2002::', bits: 16 },
].map(({ address, bits, within = bits }) => {
  const list = new BlockList();
  list.addSubnet(address, within, 'ipv6');
  return { list, bits };
});

interface Network {
  readonly address: string;
  readonly kind: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** Of `10.0.0.0/8`, `::1` and the like; undefined for what is none. */
function networkOf(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  const isWritten = length === undefined || /^(0|[1-9]\d{0,2})$/.test(length);
  if (version === 0 || rest.length > 0 || !isWritten || bits > most) return undefined;
  return { address, bits, kind: version === 4 ? 'ipv4' : 'ipv6' };
}

/** An address, or a network by its address and length. */
export function isAddressOrNetwork(text: unknown): boolean {
  return typeof text === 'string' && networkOf(text) !== undefined;
}

/**
 * Whether it is as narrow as the widest private networks: 8 bits, in IPv6 7. In a wider one callers choose the address we
 * see. What is no network is not judged.
 */
export function isNarrowNetwork(text: unknown): boolean {
  const network = typeof text === 'string' ? networkOf(text) : undefined;
  if (network === undefined) return true;
  const { address, kind, bits } = network;
  if (kind === 'ipv4') return bits >= 8;
  if (mapped.check(address, 'ipv6')) return bits >= MAPPED_BITS + 8;
  const embedding = EMBEDDING.find(({ list }) => list.check(address, 'ipv6'));
  if (embedding) return bits >= embedding.bits + 8;
  const own = new BlockList();
  own.addSubnet(address, bits, 'ipv6');
  return bits >= 7 && !own.check('::ffff:1:1', 'ipv6');
}
