import * as z from 'zod';
import type { RedisServer } from '../../domain/redis-server.ts';
import { ledgers, providerCodes } from '../../domain/vocabulary.ts';
import type { ChangedPlace } from '../../ports/webhook.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { createRedisClient } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';

/** Tells all replicas what may have changed at a provider. */
export interface ChangeNotices {
  /** Tells the other replicas. While Redis is unavailable nobody is told: they see the change at their next look. */
  tell(place: ChangedPlace): void;
  /** Calls `listener` for what another replica tells; opens a connection for it. */
  listen(listener: (place: ChangedPlace) => void): void;
  close(): void;
}

export interface ChangeNoticesOptions {
  readonly server: RedisServer;
  readonly link: RedisLink;
  /** Keys of the credentials that the replicas share. */
  readonly keys: EncryptionKeys;
  /** Names this process among the replicas. */
  readonly sender: string;
  readonly timeoutMs: number;
}

const notice = z.object({
  sender: z.string(),
  place: z.object({
    provider: z.enum(providerCodes),
    accounts: z.array(z.string().nullable()).nullable(),
    ledgers: z.array(z.enum(ledgers)).nullable(),
  }),
});

/** Notices over a channel of Redis, encrypted like everything that replicas share. */
export function createChangeNotices(options: ChangeNoticesOptions): ChangeNotices {
  const { server, link, keys, sender, timeoutMs } = options;
  // Redis puts the prefix of keys before no channel.
  const channel = `${server.keyPrefix}changed:${keys.nameOf('changed')}`;
  let close = () => {};

  function parse(text: string): ChangedPlace | null {
    const decrypted = keys.decrypt(channel, text);
    if (decrypted === null) return null;
    const { data } = notice.safeParse(JSON.parse(decrypted));
    return data === undefined || data.sender === sender ? null : data.place;
  }

  return {
    tell(place) {
      const text = keys.encrypt(channel, JSON.stringify({ sender, place }));
      void link.run(
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
        const place = parse(text);
        if (place !== null) listener(place);
      });
      // Shows in time that a connection is dead, although nothing is expected of it.
      link.onBeat(() => void client.ping().catch(() => {}));
      client.connect().catch(() => {});
      close = () => client.disconnect();
    },
    close: () => close(),
  };
}
