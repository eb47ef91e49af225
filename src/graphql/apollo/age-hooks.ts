import { CallReport } from '../reads/call-report.ts';
import type { RequestHooks } from './request-plugin.ts';

/**
 * Reports how old an answer is and how long it stays fresh (`Age` and `Cache-Control`, RFC 9111), and, on request
 * (`x-upstream-report: 1`), what it cost upstream. An answer with errors or without upstream data gets no age and keeps
 * the server's `no-store`. Every other answer passes on what it was made of, so that the response cache can reuse it.
 */
export function createAgeHooks(scope: 'private' | 'public'): RequestHooks {
  return {
    didResolveOperation({ request, contextValue: { readRecord } }) {
      if (wantsReport(request.http?.headers)) readRecord.callReport = new CallReport();
      return undefined;
    },
    willSendResponse({
      request,
      response,
      contextValue: { readRecord, partialErrors, now, onCompleteAnswer },
    }) {
      const { body } = response;
      // The report describes what this caller's request cost, so shared caches must not reuse it.
      const reports = wantsReport(request.http?.headers);
      if (body.kind !== 'single') return;
      const isWhole = body.singleResult.errors === undefined && partialErrors.length === 0;
      const { oldestMs, freshUntilMs, costs } = readRecord;
      if (isWhole && oldestMs !== null) {
        const maxAgeSeconds = Math.floor((freshUntilMs - oldestMs) / 1_000);
        response.http.headers.set(
          'cache-control',
          `${reports ? 'private' : scope}, max-age=${maxAgeSeconds}`,
        );
        response.http.headers.set('age', String(Math.max(0, Math.floor((now() - oldestMs) / 1_000))));
        const basis = readRecord.basis();
        if (basis !== null) onCompleteAnswer(basis);
      }
      if (!reports) return;
      const steps = readRecord.callReport?.toJson() ?? [];
      body.singleResult.extensions = {
        ...body.singleResult.extensions,
        upstream: costs,
        ...(steps.length === 0 ? {} : { upstreamSteps: steps }),
      };
    },
  };
}

function wantsReport(headers: Pick<Map<string, string>, 'get'> | undefined): boolean {
  return headers?.get('x-upstream-report') === '1';
}
