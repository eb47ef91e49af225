import type { Config } from '../config/config.ts';
import { loadDashboard } from '../dashboard/index.ts';
import { renderExplorer } from '../server/explorer/index.ts';
import { type FindFile, type StaticFile, toStaticFile } from '../server/static-file.ts';
import {
  accountQuery,
  balancesQuery,
  pasteQuery,
  totalsQuery,
  transactionsQuery,
} from './example-queries.ts';
import { studioUrl } from './web-origins.ts';

/**
 * Opens the pages for browsers: the dashboard at `/` and the explorer at `/explorer`. Without a dashboard the explorer
 * is at `/` too.
 */
export function openPages(config: Config): (graphqlUrl: string) => FindFile {
  return (graphqlUrl) => {
    const explorer = once(() => makeExplorer(config, graphqlUrl));
    const dashboard = once(() => makeDashboard(config));
    return async (path) => {
      if (config.explorer && (path === '/explorer' || (path === '/' && !config.dashboard))) return explorer();
      if (!config.dashboard || (path !== '/' && !path.startsWith('/dashboard/'))) return null;
      return (await dashboard()).get(path) ?? null;
    };
  };
}

async function makeExplorer(config: Config, graphqlUrl: string): Promise<StaticFile> {
  const studio = studioUrl(config, graphqlUrl);
  const { html, contentSecurityPolicy } = await renderExplorer({
    // Relative, so that it also works below a path.
    endpoint: './graphql',
    operations: [pasteQuery, balancesQuery, totalsQuery, transactionsQuery, accountQuery],
    asksForCredential: config.auth.mode === 'keys' || config.auth.mode === 'jwt',
    link: studio === null ? null : { title: 'Open in Apollo Sandbox', url: studio },
  });
  return toStaticFile({ text: html, mediaType: 'text/html', contentSecurityPolicy, isImmutable: false });
}

async function makeDashboard({ explorer }: Config): Promise<ReadonlyMap<string, StaticFile>> {
  const files = await loadDashboard({ hasExplorer: explorer });
  return new Map(
    await Promise.all(Array.from(files, async ([path, file]) => [path, await toStaticFile(file)] as const)),
  );
}

/** Makes a value on first use, and again only after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
