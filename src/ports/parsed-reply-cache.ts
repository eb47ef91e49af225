import type { HttpReply } from './http.ts';

/** What was made of replies lately, so that one which says the same as the one before it need not be read again. */
export interface ParsedReplyCache {
  /**
   * What `make` makes of `reply`; not made again when the reply before it of the same `key` was the same text. `key` says
   * all that the value depends on beside the text: credential, account, URL. The value is shared: nobody changes it.
   */
  read<T>(key: string, reply: HttpReply, make: () => T): T;
}
