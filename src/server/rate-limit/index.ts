export { type CallerKey, createCallerKey } from './caller-key.ts';
export { countedKeysMax, createMemoryCounter } from './memory-counter.ts';
export { type AdmitRequest, createRequestRate, type RateLog } from './request-limit.ts';
