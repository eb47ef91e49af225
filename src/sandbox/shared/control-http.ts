import * as z from 'zod';
import { type Answer, jsonAnswer } from './answers.ts';

/** One control operation: takes its arguments by name, parsed from JSON, and returns its result. */
export type ControlOperation<Control> = (control: Control, input: unknown) => unknown;

/** An operation whose arguments are checked first. */
export function operation<Control, Input>(
  schema: z.ZodType<Input>,
  run: (control: Control, input: Input) => unknown,
): ControlOperation<Control> {
  return (control, input) => run(control, schema.parse(input));
}

/**
 * Runs one control operation: `POST /__control/<operation>` with the arguments as a JSON object, answered with
 * `{"result": ...}`; 404 for an unknown operation, 400 with the reason for invalid arguments. Requires a JSON content
 * type, so that a web page cannot post here unasked.
 */
export function answerControl<Control>(
  operations: Readonly<Record<string, ControlOperation<Control>>>,
  control: Control,
  name: string,
  contentType: string,
  body: string,
): Answer {
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (run === undefined) {
    return refusal(404, `no operation "${name}"; there are ${Object.keys(operations).join(', ')}`);
  }
  if (!/^application\/json\b/i.test(contentType))
    return refusal(400, 'POST the arguments as application/json');
  try {
    const result = run(control, body === '' ? {} : JSON.parse(body));
    return jsonAnswer(200, JSON.stringify({ result: result ?? null }));
  } catch (error) {
    if (error instanceof z.ZodError) return refusal(400, z.prettifyError(error));
    if (error instanceof RangeError || error instanceof SyntaxError) return refusal(400, error.message);
    throw error;
  }
}

function refusal(status: number, message: string): Answer {
  return jsonAnswer(status, JSON.stringify({ message }));
}
