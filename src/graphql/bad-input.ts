import { Failure } from '../domain/failure.ts';

/** The failure for an argument that cannot be used; `problem` says what is wrong and what is allowed. */
export function badInput(argumentName: string, problem: string): Failure {
  return new Failure('BAD_USER_INPUT', `Argument "${argumentName}" ${problem}`);
}
