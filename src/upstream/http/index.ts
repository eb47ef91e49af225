import type { HttpPort } from '../../ports/http.ts';
import { createGotHttp } from './got-http.ts';
import type { HttpOptions } from './http-options.ts';
import { createUndiciHttp } from './undici-http.ts';

export type { HttpOptions } from './http-options.ts';

/** The available clients: same limits, same failures, different CPU costs (docs/adr/0007-reads-over-undici.md). */
export const httpClients: Readonly<Record<'got' | 'undici', (options: HttpOptions) => HttpPort>> = {
  got: createGotHttp,
  undici: createUndiciHttp,
};
