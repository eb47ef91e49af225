/** One HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The four error bodies UQPAY is known to send (reference section 2.3), and a proxy's HTML page. */
export type ErrorShape = 'A' | 'B' | 'C' | 'D' | 'html';

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

/** Shape A: issuing, payment and banking. */
export function typedError(status: number, type: string, code: string, message: string): Answer {
  return jsonAnswer(status, JSON.stringify({ type, code, message }));
}

/** Shape B: Account Center, unknown routes, the idempotency layer. */
export function numericError(status: number, message: string): Answer {
  return jsonAnswer(status, JSON.stringify({ code: status, message }));
}

/** Shape C: the authentication layer of banking, issuing and payment. */
export function authenticationError(message: string): Answer {
  return jsonAnswer(401, JSON.stringify({ error: message }));
}

/** Shape D: the limiter. */
export function limiterError(retryAfterSeconds: number | null): Answer {
  return jsonAnswer(
    429,
    JSON.stringify({ code: 'too_many_requests', message: 'too many requests, slow down' }),
    retryAfterSeconds === null ? undefined : { 'retry-after': String(retryAfterSeconds) },
  );
}

/** An error of any status in any shape, for injected faults. */
export function errorInShape(status: number, shape: ErrorShape, retryAfterSeconds: number | null): Answer {
  const message = 'injected fault';
  const headers = retryAfterSeconds === null ? undefined : { 'retry-after': String(retryAfterSeconds) };
  switch (shape) {
    case 'A':
      return jsonAnswer(status, JSON.stringify({ type: 'api_error', code: 'api_error', message }), headers);
    case 'B':
      return jsonAnswer(status, JSON.stringify({ code: status, message }), headers);
    case 'C':
      return jsonAnswer(status, JSON.stringify({ error: message }), headers);
    case 'D':
      return jsonAnswer(status, JSON.stringify({ code: 'too_many_requests', message }), headers);
    case 'html': {
      const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>proxy</body></html>`;
      const answer = { status, body, contentType: 'text/html' };
      return headers === undefined ? answer : { ...answer, headers };
    }
  }
}
