import { existsSync } from 'node:fs';

/** The file `.env` is there and cannot be read. */
export class EnvFileError extends Error {}

/** Reads `.env` of the working directory into the environment; variables that are set already win over it. */
export function loadEnvFile(): void {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch {
    throw new EnvFileError('The file .env is there but cannot be read. Make it readable, or move it away.');
  }
}
