import { Failure } from '../../domain/failure.ts';

/** Creates the failure for an unusable argument; `problem` says what is wrong and what is allowed. */
export function badInput(argumentName: string, problem: string): Failure {
  return new Failure('BAD_USER_INPUT', `Argument "${argumentName}" ${problem}`);
}
