/** One invalid variable, and what is wrong with it. */
export interface ConfigProblem {
  /** Name of the environment variable. */
  readonly name: string;
  /** What is wrong and what is allowed, as the rest of a sentence that starts with the name. */
  readonly problem: string;
}

/** The configuration is invalid. The message names every invalid variable, but never the value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`);
    super(['The configuration cannot be used:', ...lines].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
