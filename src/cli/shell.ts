/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a command is run in. */
export interface Shell {
  readonly env: Env;
  /** The parent process when this one began. */
  readonly parentPid: number;
}
