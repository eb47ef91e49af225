import { isLoopbackHost } from '../config/auth-source.ts';
import type { Config } from '../config/config.ts';
import type { MisspeltName } from '../config/misspelt-names.ts';
import { connectedSources, isInvented } from '../config/providers.ts';
import { type Finding, note, ok, type Section, warning } from './finding.ts';

/** Points out what is easily overlooked in the configuration. It has been loaded, so it is valid. */
export function examineSettings(config: Config, misspelt: readonly MisspeltName[]): Section {
  return {
    name: 'Configuration',
    findings: [
      ok('Every variable can be used.'),
      ...misspelt.map(({ name, meant }) =>
        warning(`${name} is not a variable of this gateway, and is ignored.`, `Did you mean ${meant}?`),
      ),
      ...(isInvented(config) ? [inventedData] : []),
      ...exposure(config),
      ...sharing(config),
    ],
  };
}

const inventedData = note(
  'No provider has credentials: all data is invented, by embedded sandboxes.',
  'For your own accounts set the credentials of a provider (docs/configuration.md).',
);

function exposure(config: Config): Finding[] {
  const { host, auth, corsOrigins, explorer, introspection } = config;
  const isOpen = auth.mode === 'none' && !isLoopbackHost(host);
  const isLive = connectedSources(config).some(
    ({ source }) => source.mode === 'remote' && source.environment === 'PRODUCTION',
  );
  const findings: Finding[] = [];
  if (isOpen) {
    findings.push(
      warning(
        `AUTH is none and HOST is ${host}: anyone who reaches this address may read everything.`,
        'Set AUTH to jwt, keys or forwarded (docs/security.md).',
      ),
    );
  }
  if (!isLive) return findings;
  if (explorer) findings.push(warning('EXPLORER is on with live data.', 'Set EXPLORER=off.'));
  if (introspection) {
    findings.push(
      warning('INTROSPECTION is on with live data: callers may read the schema.', 'Set INTROSPECTION=off.'),
    );
  }
  if (corsOrigins !== null) {
    const text = `Pages of ${corsOrigins.join(', ')} may ask for live data from a browser.`;
    findings.push(
      auth.mode === 'none' ? warning(text, 'Callers are not authenticated: set AUTH.') : note(text),
    );
  }
  return findings;
}

function sharing(config: Config): Finding[] {
  if (isInvented(config)) return [];
  return [
    ...(config.redis === null
      ? [
          note(
            "REDIS_URL is not set: token, call budget and memory are this process's own.",
            'That is right for one process. Several with the same credentials need one Redis.',
          ),
        ]
      : []),
    ...(config.cursorSecret === null
      ? [
          note(
            'CURSOR_SECRET is not set: the key of cursors is derived from the credentials.',
            'Replicas agree on it; a change of credentials invalidates all cursors. Set CURSOR_SECRET to keep them valid.',
          ),
        ]
      : []),
  ];
}
