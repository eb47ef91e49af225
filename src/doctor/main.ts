// `npm run doctor`: what is wrong with the configuration, the credentials and the way there. Exit code 1 if anything is.
// Nothing but Node's own modules is imported before the version is known: the rest needs a newer Node to load.
import { parseArgs } from 'node:util';
import type { Section } from './finding.ts';

const nodeMajorMin = 24;
const usage = `Usage: npm run doctor [-- [--json] [--new-token]]
  --json       the report as JSON
  --new-token  also mint a token that may end the one a running gateway uses
`;

async function main(): Promise<number> {
  const flags = parseFlags();
  if (flags === null) {
    process.stderr.write(usage);
    return 1;
  }
  const { EnvFileError, loadEnvFile } = await import('../app/env-file.ts');
  const { systemClock } = await import('../upstream/index.ts');
  const { examine } = await import('./index.ts');
  const { countOf } = await import('./finding.ts');
  const { sectionLines, verdict } = await import('./report-lines.ts');
  const sections: Section[] = [];
  try {
    loadEnvFile();
    for await (const section of examine(process.env, { clock: systemClock, newToken: flags.newToken })) {
      sections.push(section);
      if (!flags.json) process.stdout.write(`${sectionLines(section).join('\n')}\n`);
    }
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const isWell = countOf('problem', sections) === 0;
  const report = flags.json ? JSON.stringify({ isWell, sections }, null, 2) : verdict(sections);
  process.stdout.write(`${report}\n`);
  return isWell ? 0 : 1;
}

function parseFlags(): { readonly json: boolean; readonly newToken: boolean } | null {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean' }, 'new-token': { type: 'boolean' } },
    });
    return { json: values.json === true, newToken: values['new-token'] === true };
  } catch {
    return null;
  }
}

if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  process.stdout.write(
    `PROBLEM  This is Node ${process.versions.node}; the gateway needs ${nodeMajorMin} or newer. Start it with npm, which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = await main();
}
