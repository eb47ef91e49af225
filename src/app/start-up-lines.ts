import { isLoopbackHost } from '../config/auth-source.ts';
import type { Config } from '../config/config.ts';
import { type ConnectedSource, connectedSources, isInvented } from '../config/providers.ts';
import { pasteQuery, shellQuery } from './example-queries.ts';

const studioUrl = 'https://studio.apollographql.com';

/** Web origins whose pages may ask a gateway that serves invented data; real data is for none unless configured. */
export const explorerOrigins = [studioUrl];

/** What a person reads when the gateway has started: what is served, where, how to ask, how to go on. */
export function startUpLines(config: Config, graphqlUrl: string): string[] {
  return [
    'The balances gateway is ready.',
    '',
    ...servedData(config),
    `  GraphQL   ${graphqlUrl}`,
    ...callers[config.auth.mode],
    ...whatMayRun(config),
    ...whereToExplore(config, graphqlUrl),
    '',
    ...howToTry(config, graphqlUrl),
    ...(isInvented(config) ? howToConnect : []),
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

function whatMayRun({ persisted }: Config): string[] {
  if (persisted.mode !== 'only') return [];
  const count = persisted.operations.length;
  const operations = count === 1 ? '1 operation' : `${count} operations`;
  return [`  Allowed   ${operations} of PERSISTED_OPERATIONS_MANIFEST, nothing else`];
}

function howToTry(config: Config, graphqlUrl: string): string[] {
  const body = bodyToTry(config);
  // Only a router may ask, and it does not need to be told how.
  if (body === null || config.auth.mode === 'forwarded') return [];
  const credential = config.auth.mode === 'none' ? '' : ' -H "authorization: Bearer $CREDENTIAL"';
  return [
    'Try it:',
    `  curl -s ${graphqlUrl} -H 'content-type: application/json'${credential} -d '${body}'`,
    '',
  ];
}

/** What a shell can send as it is; null where only operations with variables or unusual ids may run. */
function bodyToTry({ persisted }: Config): string | null {
  if (persisted.mode !== 'only') return JSON.stringify({ query: shellQuery });
  const simple = persisted.operations.find(({ id, text }) => /^[\w.:-]+$/.test(id) && !text.includes('$'));
  if (simple === undefined) return null;
  return JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: simple.id } } });
}

/** The text of `GET /`. Only somebody on this machine is told which providers are behind it. */
export function homePage(config: Config, graphqlUrl: string): string {
  const isForThisMachine = isLoopbackHost(config.host) && !config.anyHostName;
  const lines = [
    'The balances gateway answers GraphQL.',
    '',
    ...(isForThisMachine ? servedData(config) : []),
    `  GraphQL   ${graphqlUrl}`,
    ...whatMayRun(config),
    ...whereToExplore(config, graphqlUrl),
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

function whereToExplore(config: Config, graphqlUrl: string): string[] {
  if (config.persisted.mode === 'only') return [];
  const places = [
    ...(config.explorer ? [new URL('/', graphqlUrl).href] : []),
    ...(isInvented(config) ? [explorerUrl(graphqlUrl)] : []),
  ];
  return places.map((place, placeIndex) => `  ${placeIndex === 0 ? 'Explore ' : '      or'}  ${place}`);
}

/** Apollo Sandbox in a browser, asking this gateway. */
export function explorerUrl(graphqlUrl: string): string {
  return `${studioUrl}/sandbox/explorer?endpoint=${encodeURIComponent(graphqlUrl)}`;
}

const howToConnect = [
  'To read your own accounts, set the credentials of one provider or several, here or in a file .env',
  '(see .env.example): UQPAY_CLIENT_ID and UQPAY_API_KEY, for example. Only those are served then.',
  '',
];

function exposureWarning({ host, auth }: Config): string[] {
  if (auth.mode !== 'none' || isLoopbackHost(host)) return [];
  return [
    `Warning: HOST is ${host}. Whoever can reach this address can read the data; nobody is asked to log in.`,
    '',
  ];
}
