import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { SourceOutcome } from '../data/pagination/page.ts';
import { failuresOf, isAllFailed } from '../data/sources.ts';
import type { Failure } from '../domain/failure.ts';
import type { GatewayContext } from './context.ts';

/**
 * Returns a page for its field. Each failed source adds an entry to the answer's `errors`, under the field's path; the
 * page is null only when every source failed.
 */
export function reportSources<Page extends { readonly sources: readonly SourceOutcome[] }>(
  page: Page,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Page | null {
  for (const failure of failuresOf(page.sources)) context.partialErrors.push(toPartialError(failure, info));
  return isAllFailed(page.sources) ? null : page;
}

function toPartialError(failure: Failure, info: GraphQLResolveInfo): GraphQLError {
  return new GraphQLError(failure.message, {
    nodes: info.fieldNodes,
    path: toPathKeys(info.path),
    originalError: failure,
  });
}

function toPathKeys(path: GraphQLResolveInfo['path']): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step: typeof path | undefined = path; step !== undefined; step = step.prev) keys.unshift(step.key);
  return keys;
}
