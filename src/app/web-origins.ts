import type { Config } from '../config/config.ts';
import { isInvented } from '../config/providers.ts';

/** Origin of Apollo Sandbox, an explorer on the web. */
const studioOrigin = 'https://studio.apollographql.com';

/** Web origins whose pages may query the gateway: those of CORS_ORIGINS, else Apollo Sandbox while all data is invented. */
export function webOrigins(config: Config): readonly string[] {
  return config.corsOrigins ?? (isInvented(config) ? [studioOrigin] : []);
}

/** URL of Apollo Sandbox with this gateway as endpoint; null if its pages may not query it. */
export function studioUrl(config: Config, graphqlUrl: string): string | null {
  if (!webOrigins(config).includes(studioOrigin)) return null;
  return `${studioOrigin}/sandbox/explorer?endpoint=${encodeURIComponent(graphqlUrl)}`;
}
