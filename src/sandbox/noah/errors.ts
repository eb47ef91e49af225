import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';

/** Types of errors (reference section 6). */
export type ErrorType = 'InvalidMessage' | 'Unexpected' | 'ResourceNotFound' | 'Unauthorized' | 'Forbidden';

/** The documented error body; `Instance` is unique to the occurrence. */
export function errorBody(status: number, type: ErrorType, detail: string): Answer {
  return jsonAnswer(status, JSON.stringify({ Type: type, Instance: randomUUID(), Detail: detail }));
}

/** The documented error, to throw. */
export function refused(status: number, type: ErrorType, detail: string): RefusedCall {
  return new RefusedCall(errorBody(status, type, detail));
}

/** An error of any status in NOAH's shape. */
export function errorAnswer(status: number): Answer {
  const types: Readonly<Record<number, ErrorType>> = {
    400: 'InvalidMessage',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'ResourceNotFound',
  };
  return errorBody(status, types[status] ?? 'Unexpected', 'injected fault');
}
