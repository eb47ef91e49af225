import { EnvFileError, loadEnvFile } from '../app/env-file.ts';
import { countOf, type Section } from '../doctor/finding.ts';
import { examine } from '../doctor/index.ts';
import { sectionLines, verdict } from '../doctor/report-lines.ts';
import { systemClock } from '../upstream/index.ts';
import { exitCodes } from './exit-codes.ts';
import type { Env } from './shell.ts';

/**
 * Prints what is wrong with the configuration, the credentials and the connections to providers, each section as soon
 * as it is ready. Resolves with the exit code: 1 if there is a problem.
 */
export async function doctor(
  env: Env,
  { json, newToken }: { readonly json: boolean; readonly newToken: boolean },
): Promise<number> {
  const sections: Section[] = [];
  try {
    loadEnvFile();
    for await (const section of examine(env, { clock: systemClock, newToken })) {
      sections.push(section);
      if (!json) process.stdout.write(`${sectionLines(section).join('\n')}\n`);
    }
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.failed;
  }
  const isWell = countOf('problem', sections) === 0;
  const report = json ? JSON.stringify({ isWell, sections }, null, 2) : verdict(sections);
  process.stdout.write(`${report}\n`);
  return isWell ? 0 : exitCodes.failed;
}
