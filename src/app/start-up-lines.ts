import { isLoopbackHost } from '../config/auth-source.ts';
import type { Config } from '../config/config.ts';
import { type ConnectedSource, connectedSources, isInvented } from '../config/providers.ts';
import { pasteQuery, shellQuery } from './example-queries.ts';
import { studioUrl } from './web-origins.ts';

/** The lines printed after the start: what the gateway serves, where, and how to query it. */
export function startUpLines(config: Config, graphqlUrl: string): string[] {
  return [
    'The balances gateway is ready.',
    '',
    ...servedData(config),
    `  GraphQL   ${graphqlUrl}`,
    ...callers[config.auth.mode],
    ...allowedOperations(config),
    ...dashboardLines(config, graphqlUrl),
    ...explorerLines(config, graphqlUrl),
    '',
    ...tryItLines(config, graphqlUrl),
    ...(isInvented(config) ? connectLines : []),
    ...exposureWarning(config),
    'Stop with Ctrl-C.',
  ];
}

const callers: Readonly<Record<Config['auth']['mode'], readonly string[]>> = {
  none: [],
  keys: ['  Callers   with one of the keys in AUTH_KEYS'],
  jwt: ['  Callers   with a token of AUTH_JWT_ISSUER'],
  forwarded: ['  Callers   as the routers in AUTH_FORWARDED_FROM name them'],
};

function allowedOperations({ persisted }: Config): string[] {
  if (persisted.mode !== 'only') return [];
  const count = persisted.operations.length;
  const operations = count === 1 ? '1 operation' : `${count} operations`;
  return [`  Allowed   ${operations} of PERSISTED_OPERATIONS_MANIFEST, nothing else`];
}

function tryItLines(config: Config, graphqlUrl: string): string[] {
  const body = exampleBody(config);
  // Only routers may send requests, and they need no instructions.
  if (body === null || config.auth.mode === 'forwarded') return [];
  const credential = config.auth.mode === 'none' ? '' : ' -H "authorization: Bearer $CREDENTIAL"';
  return [
    'Try it:',
    `  curl -s ${graphqlUrl} -H 'content-type: application/json'${credential} -d '${body}'`,
    '',
  ];
}

/** A request body for the shell; null when only operations with variables or with unusual ids may run. */
function exampleBody({ persisted }: Config): string | null {
  if (persisted.mode !== 'only') return JSON.stringify({ query: shellQuery });
  const simple = persisted.operations.find(({ id, text }) => /^[\w.:-]+$/.test(id) && !text.includes('$'));
  if (simple === undefined) return null;
  return JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: simple.id } } });
}

/** The text of `GET /`. It names the providers only to clients on this machine. */
export function homePage(config: Config, graphqlUrl: string): string {
  const isForThisMachine = isLoopbackHost(config.host) && !config.anyHostName;
  const lines = [
    'The balances gateway answers GraphQL.',
    '',
    ...(isForThisMachine ? servedData(config) : []),
    `  GraphQL   ${graphqlUrl}`,
    ...allowedOperations(config),
    ...dashboardLines(config, graphqlUrl),
    ...explorerLines(config, graphqlUrl),
    ...(config.persisted.mode === 'only' ? [] : ['', 'A query to start with:', '', pasteQuery]),
  ];
  return `${lines.join('\n')}\n`;
}

function servedData(config: Config): string[] {
  const sources = connectedSources(config);
  const width = Math.max(...sources.map(({ name }) => name.length));
  return sources.map(
    (connected, index) =>
      `  ${index === 0 ? 'Data' : '    '}      ${connected.name.padEnd(width)}  ${dataText(connected)}`,
  );
}

function dataText({ source, serves }: ConnectedSource): string {
  if (source.mode === 'embedded') return `embedded sandbox, invented data (${serves})`;
  const label = source.environment === 'PRODUCTION' ? 'live data' : 'sandbox, no real money';
  return `${label}: ${source.baseUrl} (${serves})`;
}

function dashboardLines({ dashboard }: Config, graphqlUrl: string): string[] {
  return dashboard ? [`  Dashboard ${new URL('/', graphqlUrl).href}`] : [];
}

function explorerLines(config: Config, graphqlUrl: string): string[] {
  if (config.persisted.mode === 'only') return [];
  const studio = studioUrl(config, graphqlUrl);
  const urls = [
    ...(config.explorer ? [new URL('/explorer', graphqlUrl).href] : []),
    ...(studio === null ? [] : [studio]),
  ];
  return urls.map((url, index) => `  ${index === 0 ? 'Explore ' : '      or'}  ${url}`);
}

const connectLines = [
  'To read your own accounts, set the credentials of one provider or several, here or in a .env file',
  '(see .env.example): UQPAY_CLIENT_ID and UQPAY_API_KEY, for example. Only those are served then.',
  '',
];

function exposureWarning({ host, auth }: Config): string[] {
  if (auth.mode !== 'none' || isLoopbackHost(host)) return [];
  return [
    `Warning: HOST is ${host}. Anyone who can reach this address can read the data: no login is required.`,
    '',
  ];
}
