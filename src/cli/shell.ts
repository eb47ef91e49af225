/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The environment that a command runs in. */
export interface Shell {
  readonly env: Env;
  /** The parent process at the start of this one. */
  readonly parentPid: number;
}
