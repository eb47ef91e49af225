import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Where a request came from. Addresses are in the form of `parseIpAddress`. */
export interface RequestOrigin {
  /** Address at the other end of the connection. */
  readonly peer: string;
  /** Address of the client as trusted proxies state it; else the same as `peer`. */
  readonly client: string;
  /** False if `client` is a trusted proxy that does not name its client. */
  readonly isClientKnown: boolean;
}

/**
 * Normalises an IP address: IPv6 compressed, in lower case and without zone; IPv4-mapped IPv6 (`::ffff:10.0.0.1`, also
 * in hex) as IPv4. Null for anything else.
 */
export function parseIpAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return null;
  const address = new URL(`http://[${text.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped === null) return address;
  return mapped
    .slice(1)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.');
}

/**
 * The network that an internet provider assigns to one customer: an IPv4 address itself, the first 64 bits of an IPv6
 * address (RFC 6177). Takes addresses in the form of `parseIpAddress`.
 */
export function customerNetwork(address: string): string {
  if (!address.includes(':')) return address;
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? [] : Array<string>(8 - (head?.length ?? 0) - tail.length).fill('0');
  return `${[...(head ?? []), ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}

/** A list of addresses and networks. */
export interface AddressList {
  /** Whether the list has an address, in any spelling. */
  has(address: string): boolean;
}

/** Whether a text is an IP address or a network such as `10.0.0.0/8`, but not `/0`. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const parsed = parseIpAddress(address);
  if (parsed === null || more.length > 0 || address.includes('%')) return false;
  if (bits === undefined) return true;
  // Not for mapped addresses, whose prefix length would count the 96 bits in front too.
  const bitsMax = address === parsed || isIPv6(parsed) ? (isIPv4(parsed) ? 32 : 128) : 0;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= bitsMax;
}

/** Creates a list of `ranges`, all of which must pass `isAddressRange`. */
export function createAddressList(ranges: readonly string[]): AddressList {
  const list = new BlockList();
  for (const range of ranges) {
    const [text = '', bits] = range.split('/');
    const address = parseIpAddress(text) ?? text;
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return {
    has(text) {
      const address = parseIpAddress(text);
      return address !== null && list.check(address, familyOf(address));
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
