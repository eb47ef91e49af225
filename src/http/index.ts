import type { HttpPort } from '../ports/http.ts';
import { createGotHttp } from './got-http.ts';
import type { HttpOptions } from './http-options.ts';
import { createNodeHttp } from './node-http.ts';

export type { HttpOptions } from './http-options.ts';

/** The clients there are: the same bounds, the same failures, different costs (docs/adr/0007-two-http-clients.md). */
export const httpClients: Readonly<Record<'got' | 'node', (options: HttpOptions) => HttpPort>> = {
  got: createGotHttp,
  node: createNodeHttp,
};
