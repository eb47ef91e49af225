import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Where a request came from; both are addresses as `parseIpAddress` writes them. */
export interface RequestOrigin {
  /** Who holds the other end of the connection. */
  readonly peer: string;
  /** Who asked, as far as trusted proxies say; the same as `peer` where none does. */
  readonly client: string;
  /** Whether `client` asks for itself; false for a trusted proxy that does not say for whom. */
  readonly isClientKnown: boolean;
}

/**
 * An IP address in one spelling: IPv6 compressed and in lower case, without its zone; an IPv4 address that is mapped
 * into IPv6 (`::ffff:10.0.0.1`, also in hex) as IPv4. Null for anything else.
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
 * What one customer of a network provider is given: an IPv4 address itself, of an IPv6 address the first 64 bits
 * (RFC 6177). Takes what `parseIpAddress` gave.
 */
export function customerNetwork(address: string): string {
  if (!address.includes(':')) return address;
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? [] : Array<string>(8 - (head?.length ?? 0) - tail.length).fill('0');
  return `${[...(head ?? []), ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}

/** Addresses and networks that something is allowed from. */
export interface AddressList {
  /** Takes any spelling of an address. */
  has(address: string): boolean;
}

/** Whether a text is an IP address, or a network such as `10.0.0.0/8` that leaves somebody out. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const parsed = parseIpAddress(address);
  if (parsed === null || more.length > 0 || address.includes('%')) return false;
  if (bits === undefined) return true;
  // The bits of a mapped address would be counted from another start.
  const bitsMax = address === parsed || isIPv6(parsed) ? (isIPv4(parsed) ? 32 : 128) : 0;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= bitsMax;
}

/** The list of `ranges`, each of which `isAddressRange` allows. */
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
