import type { Config } from '../config/config.ts';
import { isInvented } from '../config/providers.ts';
import { createExplorer, type HtmlPage } from '../server/explorer/index.ts';
import { accountQuery, balancesQuery, pasteQuery, transactionsQuery } from './example-queries.ts';
import { explorerUrl } from './start-up-lines.ts';

/** The explorer at `/`, with example operations, and a link to Apollo Sandbox where its origin is allowed. */
export function openExplorer(config: Config): (graphqlUrl: string) => () => Promise<HtmlPage> {
  return (graphqlUrl) =>
    createExplorer({
      endpoint: '/graphql',
      operations: [pasteQuery, balancesQuery, transactionsQuery, accountQuery],
      link: isInvented(config) ? { title: 'Open in Apollo Sandbox', url: explorerUrl(graphqlUrl) } : null,
    });
}
