/** A list of hosts, each with one port or with every port. */
export interface HostList {
  /** Whether the list has the host and port of an HTTP URL. */
  has(url: URL): boolean;
}

/** Whether a text is a host, or a host and a port: `router.internal`, `10.0.0.7:4000`, `[::1]:4000`. */
export function isHostAndPort(text: string): boolean {
  return parse(text) !== null;
}

/** Creates a list of `hosts`, all of which must pass `isHostAndPort`. A host without a port stands for all its ports. */
export function createHostList(hosts: readonly string[]): HostList {
  const listed = hosts.map(parse);
  return {
    has({ hostname, port, protocol }) {
      const portNumber = Number(port) || (protocol === 'https:' ? 443 : 80);
      return listed.some(
        (host) => host?.hostname === hostname && (host.port === null || host.port === portNumber),
      );
    },
  };
}

interface Host {
  /** As `URL` writes it. */
  readonly hostname: string;
  readonly port: number | null;
}

function parse(text: string): Host | null {
  const [, name = '', portText] = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const port = portText === undefined ? null : Number(portText);
  if (name === '' || !URL.canParse(`http://${name}`) || port === 0 || (port ?? 0) > 65_535) return null;
  return { hostname: new URL(`http://${name}`).hostname, port };
}
