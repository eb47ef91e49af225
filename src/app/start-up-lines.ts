import { isLoopbackHost } from '../config/auth-source.ts';
import type { Config } from '../config/config.ts';
import { type ConnectedSource, connectedSources, isInvented } from '../config/providers.ts';
import { pasteQuery, shellQuery } from './example-queries.ts';

const studioUrl = 'https://studio.apollographql.com';

/** Web origins whose pages may ask a gateway that serves invented data; real data is for none unless configured. */
export const explorerOrigins = [studioUrl];

/** What a person reads when the gateway has started: what is served, where, how to ask, how to go on. */
export function startUpLines(config: Config, graphqlUrl: string): string[] {
  const body = JSON.stringify({ query: shellQuery });
  const credential = config.auth.mode === 'none' ? '' : ' -H "authorization: Bearer $CREDENTIAL"';
  return [
    'The balances gateway is ready.',
    '',
    ...servedData(config),
    `  GraphQL   ${graphqlUrl}`,
    ...callers[config.auth.mode],
    ...whereToExplore(config, graphqlUrl),
    '',
    'Try it:',
    `  curl -s ${graphqlUrl} -H 'content-type: application/json'${credential} -d '${body}'`,
    '',
    ...(isInvented(config) ? howToConnect : []),
    ...exposureWarning(config),
    'Stop with Ctrl-C.',
  ];
}

const callers: Readonly<Record<Config['auth']['mode'], readonly string[]>> = {
  none: [],
  keys: ['  Callers   with one of the keys in AUTH_KEYS'],
  jwt: ['  Callers   with a token of AUTH_JWT_ISSUER'],
};

/** The text of `GET /`. */
export function homePage(config: Config, graphqlUrl: string): string {
  const lines = [
    'The balances gateway answers GraphQL.',
    '',
    ...servedData(config),
    `  GraphQL   ${graphqlUrl}`,
    ...whereToExplore(config, graphqlUrl),
    '',
    'A query to start with:',
    '',
    pasteQuery,
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
