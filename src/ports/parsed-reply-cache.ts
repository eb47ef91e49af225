import type { HttpReply } from './http.ts';

/** Caches parsed replies, so that a reply with the same text as the one before it is not parsed again. */
export interface ParsedReplyCache {
  /**
   * Parses `reply` with `parse`, or returns the cached value when the last reply for `key` had the same text. `key`
   * covers everything the value depends on besides the text: credential, account, URL. The value is shared and must not
   * be changed.
   */
  read<T>(key: string, reply: HttpReply, parse: () => T): T;
}
