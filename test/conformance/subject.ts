import type { AccountRef } from '../../src/domain/model.ts';
import type { Provider } from '../../src/ports/provider.ts';
import type { TransitFault } from '../../src/sandbox/shared/transit-faults.ts';

/** Problems between an adapter and its upstream. */
export type Trouble = '500' | '429' | '400' | 'reset' | 'html' | 'truncated' | keyof typeof wayTroubles;

/** What can happen between the gateway and any provider: a firewall's pages, encodings, truncated bodies. */
export const wayTroubles = {
  'a page with 401': { kind: 'page', status: 401, page: 'html' },
  'a page with 403': { kind: 'page', status: 403, page: 'html' },
  'a page with 200': { kind: 'page', status: 200, page: 'html' },
  'foreign JSON with 403': { kind: 'page', status: 403, page: 'json' },
  'words with 403': { kind: 'page', status: 403, page: 'text' },
  'a page with 403 that says when to come back': {
    ...{ kind: 'page', status: 403, page: 'html', retryAfterSeconds: 0 },
  },
  'a redirect': { kind: 'page', status: 302, page: 'redirect' },
  'no body': { kind: 'empty', status: 200 },
  'HTTP 204': { kind: 'empty', status: 204 },
  'a body that is cut': { kind: 'cut' },
  'JSON as text/plain': { kind: 'content-type', contentType: 'text/plain' },
  'JSON without a type': { kind: 'content-type', contentType: null },
  'a byte order mark': { kind: 'encoding', encoding: 'utf-8-mark', declared: false },
  'GBK that is declared': { kind: 'encoding', encoding: 'gbk', declared: true },
  'Latin-1 that is declared': { kind: 'encoding', encoding: 'iso-8859-1', declared: true },
  'UTF-16 that is declared': { kind: 'encoding', encoding: 'utf-16le', declared: true },
  'GBK that is not declared': { kind: 'encoding', encoding: 'gbk', declared: false },
} as const satisfies Readonly<Record<string, TransitFault>>;

export function isWayTrouble(kind: Trouble): kind is keyof typeof wayTroubles {
  return Object.hasOwn(wayTroubles, kind);
}

/** A provider behind the port, and control of its data. Starts without balances. */
export interface Subject {
  readonly provider: Provider;
  /** A well-formed account that does not exist. */
  readonly unknownAccount: AccountRef;
  /** Sets the master account's balance in the provider's first ledger. */
  setBalance(currency: string, available: string): void;
  /** Calls for data that reached the upstream, without logins and token calls. */
  dataCallCount(): number;
  close(): Promise<void>;
}

/** A subject whose upstream is a sandbox. */
export interface AdapterSubject extends Subject {
  /** The next `times` data calls have the problem; without a number all of them do. */
  trouble(kind: Trouble, times?: number): void;
  /** Tokens issued or logins made. */
  tokenCount(): number;
  /** Secrets that must not be in any failure. */
  readonly secrets: readonly string[];
}
