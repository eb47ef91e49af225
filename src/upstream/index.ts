export { type CallBudget, type CallPermit, createCallBudget } from './call-budget.ts';
export {
  type CallRate,
  type CallWindow,
  createCallWindow,
  createOpenCallWindow,
  type ProcessCallWindow,
  type Slot,
  toCallRate,
  windowMs,
} from './call-window.ts';
export { type Circuits, createCircuits } from './circuit.ts';
export { createUpstream, type UpstreamOptions } from './create-upstream.ts';
export type { CacheTtls } from './freshness.ts';
export { createMemoryTokenStore } from './memory-token-store.ts';
export { type ObservedTokenStore, observeTokenStore } from './observed-token-store.ts';
export { createParsedReplyCache } from './parsed-reply-cache.ts';
export { type CachedRead, createReadCache, type SharedReadCache } from './read-cache.ts';
export { readKey } from './read-key.ts';
export type { LastChange } from './shared-reads.ts';
export { systemClock } from './system-clock.ts';
export { createTokenBackOffs, type TokenBackOffs } from './token-back-offs.ts';
export { createTokenIssuer, type TokenIssuer } from './token-issuer.ts';
