/** One HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a route to end the call with an error answer. */
export class RefusedCall extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = 'RefusedCall';
    this.answer = answer;
  }
}

/** A JSON body that is already text. */
export function jsonAnswer(status: number, body: string, headers?: Record<string, string>): Answer {
  const answer = { status, body, contentType: 'application/json; charset=utf-8' };
  return headers === undefined ? answer : { ...answer, headers };
}

/** The header of an answer that says when to call again; undefined for null. */
export function retryAfter(seconds: number | null): Record<string, string> | undefined {
  return seconds === null ? undefined : { 'retry-after': String(seconds) };
}

/** What a proxy in front of an API returns when the API does not answer. */
export function htmlAnswer(status: number): Answer {
  const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>proxy</body></html>`;
  return { status, body, contentType: 'text/html' };
}
