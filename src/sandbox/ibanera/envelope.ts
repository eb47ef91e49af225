import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';

/** One entry of `errors` (reference section 3). */
export interface EnvelopeError {
  readonly fieldName: string;
  readonly messageCode: string;
}

/** Page fields of a list's envelope; null ones are left out. */
export interface EnvelopePage {
  readonly pageSize: number | null;
  readonly pageNumber: number | null;
  readonly numberOfPages: number | null;
}

/** A successful envelope; `details` is JSON text already. */
export function success(details: string, page: EnvelopePage | null = null): Answer {
  const fields = Object.entries(page ?? {}).filter(([, value]) => value !== null);
  const paging = fields.map(([name, value]) => `,"${name}":${value}`).join('');
  return jsonAnswer(200, `{"id":0,"details":${details},"status":"1","errors":[]${paging}}`);
}

/** A failed envelope. */
export function failure(status: number, errors: readonly EnvelopeError[]): Answer {
  return jsonAnswer(status, JSON.stringify({ id: 0, details: null, status: '0', errors }));
}

/** A failed envelope to throw. */
export function refused(status: number, fieldName: string, messageCode: string): RefusedCall {
  return new RefusedCall(failure(status, [{ fieldName, messageCode }]));
}
