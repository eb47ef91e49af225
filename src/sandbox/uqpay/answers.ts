import { type Answer, htmlAnswer, jsonAnswer, retryAfter } from '../shared/answers.ts';

/** The four error bodies UQPAY is known to send (reference section 2.3), and a proxy's HTML page. */
export type ErrorShape = 'A' | 'B' | 'C' | 'D' | 'html';

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
  const body = { code: 'too_many_requests', message: 'too many requests, slow down' };
  return jsonAnswer(429, JSON.stringify(body), retryAfter(retryAfterSeconds));
}

/** An error of any status in any shape, for injected faults. */
export function errorInShape(status: number, shape: ErrorShape, retryAfterSeconds: number | null): Answer {
  const message = 'injected fault';
  const bodies = {
    A: { type: 'api_error', code: 'api_error', message },
    B: { code: status, message },
    C: { error: message },
    D: { code: 'too_many_requests', message },
  };
  const answer = shape === 'html' ? htmlAnswer(status) : jsonAnswer(status, JSON.stringify(bodies[shape]));
  const headers = retryAfter(retryAfterSeconds);
  return headers === undefined ? answer : { ...answer, headers };
}
