import { existsSync } from 'node:fs';
import { checkFile } from '../config/read-file.ts';

/** The file `.env` exists but cannot be read. */
export class EnvFileError extends Error {}

const bytesMax = 1_048_576;

/** Loads `.env` of the working directory into the environment; variables that are already set take precedence. */
export function loadEnvFile(): void {
  if (!existsSync('.env')) return;
  try {
    checkFile('.env', bytesMax);
    process.loadEnvFile('.env');
  } catch {
    throw new EnvFileError(
      `The file .env exists but cannot be read. Make it a readable file of at most ${bytesMax} bytes, or remove it.`,
    );
  }
}
