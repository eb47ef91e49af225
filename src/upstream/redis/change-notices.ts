import * as z from 'zod';
import type { RedisServer } from '../../domain/redis-server.ts';
import { ledgers, providerCodes } from '../../domain/vocabulary.ts';
import type { ChangeNotice } from '../../ports/webhook.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { LastChanges } from './last-changes.ts';
import { createRedisClient } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';

/** Publishes to all replicas what may have changed at a provider. */
export interface ChangeNotices {
  /**
   * Publishes to the other replicas. While Redis is unavailable they see the change at their next poll. Resolves once no
   * replica takes a read that began earlier for one that is new.
   */
  publish(notice: ChangeNotice): Promise<void>;
  /** Calls `listener` for each notice of another replica; opens a connection for it. */
  listen(listener: (notice: ChangeNotice) => void): void;
  close(): void;
}

export interface ChangeNoticesOptions {
  readonly server: RedisServer;
  readonly link: RedisLink;
  readonly changes: Pick<LastChanges, 'announce'>;
  /** Keys of the credentials that the replicas share. */
  readonly keys: EncryptionKeys;
  /** Names this process among the replicas. */
  readonly sender: string;
  readonly timeoutMs: number;
}

const message = z.object({
  sender: z.string(),
  notice: z.object({
    provider: z.enum(providerCodes),
    accounts: z.array(z.string().nullable()).nullable(),
    ledgers: z.array(z.enum(ledgers)).nullable(),
  }),
});

/** Notices over a channel of Redis, encrypted like everything that replicas share. */
export function createChangeNotices(options: ChangeNoticesOptions): ChangeNotices {
  const { server, link, changes, keys, sender, timeoutMs } = options;
  // Redis does not prefix channels as it does keys.
  const channel = `${server.keyPrefix}changed:${keys.nameOf('changed')}`;
  let close = () => {};

  function parse(text: string): ChangeNotice | null {
    const decrypted = keys.decrypt(channel, text);
    if (decrypted === null) return null;
    const { data } = message.safeParse(JSON.parse(decrypted));
    return data === undefined || data.sender === sender ? null : data.notice;
  }

  return {
    async publish(notice) {
      await changes.announce(notice.provider);
      const text = keys.encrypt(channel, JSON.stringify({ sender, notice }));
      await link.run(
        (redis) => redis.publish(channel, text),
        () => 0,
      );
    },
    listen(listener) {
      // A connection that waits for messages takes no other commands.
      const client = createRedisClient(server, timeoutMs);
      // Without a listener ioredis prints errors itself; the link reports what matters.
      client.on('error', () => {});
      client.on('ready', () => void client.subscribe(channel).catch(() => {}));
      client.on('message', (_channel: string, text: string) => {
        const notice = parse(text);
        if (notice !== null) listener(notice);
      });
      // Detects a dead connection, on which nothing else is sent.
      link.onBeat(() => void client.ping().catch(() => {}));
      client.connect().catch(() => {});
      close = () => client.disconnect();
    },
    close: () => close(),
  };
}
