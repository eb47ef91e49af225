/** Where the Redis of the replicas is, and how to reach it. */
export interface RedisServer {
  /** One server, a primary that Sentinels know, or a Cluster. */
  readonly kind: 'SINGLE' | 'SENTINEL' | 'CLUSTER';
  /** The server; the Sentinels; some nodes of the Cluster. */
  readonly nodes: readonly RedisNode[];
  /** Name by which Sentinels know the primary; null without Sentinels. */
  readonly primaryName: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly sentinelUsername: string | null;
  readonly sentinelPassword: string | null;
  readonly database: number;
  /** Prefix of every key. */
  readonly keyPrefix: string;
  /** Null without TLS; `ca` is a private certificate authority, as PEM. */
  readonly tls: { readonly ca: string | null } | null;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}
