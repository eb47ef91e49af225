import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';

/** One entry of `errors` (reference section 3). */
export interface EnvelopeError {
  readonly fieldName: string;
  readonly messageCode: string;
}

/** Page fields of a list's envelope; `numberOfPages` is left out where it is null. */
export interface EnvelopePage {
  readonly pageSize: number;
  readonly pageNumber: number;
  readonly numberOfPages: number | null;
}

/** A successful envelope; `details` is JSON text already. */
export function success(details: string, page: EnvelopePage | null = null): Answer {
  const numberOfPages =
    page === null || page.numberOfPages === null ? '' : `,"numberOfPages":${page.numberOfPages}`;
  const paging =
    page === null ? '' : `,"pageSize":${page.pageSize},"pageNumber":${page.pageNumber}${numberOfPages}`;
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
