import { expect } from '@jest/globals';
import type { UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import { type Rig, startRig } from '../faults/gateway.fixture.ts';
import { at } from '../support/execute.ts';

/** A gateway without a cache, over a UQPAY with this many connected accounts. */
export async function startPlatform(
  accountCount: number,
  behaviour: UqpaySandboxOptions['behaviour'] = {},
  env: Record<string, string> = {},
): Promise<Rig> {
  const rig = await startRig(
    { ACCOUNT_MAX_AGE_SECONDS: '0', UQPAY_RATE_LIMIT_PER_MINUTE: '100000', ...env },
    { behaviour },
  );
  for (let index = 0; index < accountCount; index += 1) rig.control.addAccount();
  await rig.ask('{ balance(currency: "USD") { id } }');
  rig.control.resetCalls();
  return rig;
}

/** A page of accounts as a client sees it, and its cost. */
export interface AccountPage {
  readonly ids: readonly string[];
  readonly cursors: readonly string[];
  readonly totalCount: number | null;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  readonly sources: readonly { readonly state: string; readonly code: string | null }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly calls: number;
}

const query = `query ($first: Int, $after: String, $last: Int, $before: String, $statuses: [AccountStatus!]) {
  accounts(first: $first, after: $after, last: $last, before: $before, filter: { statuses: $statuses }) {
    totalCount edges { cursor node { providerAccountId } } sources { state code }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

/** Requests a page. */
export async function readPage(rig: Rig, variables: object): Promise<AccountPage> {
  const before = rig.dataCalls().length;
  const { data, errors } = await rig.ask(query, {}, variables);
  const edges = (at(data, 'accounts', 'edges') ?? []) as { cursor: string; node: object }[];
  return {
    ids: edges.map(({ node }) => String(Reflect.get(node, 'providerAccountId'))),
    cursors: edges.map(({ cursor }) => cursor),
    totalCount: at(data, 'accounts', 'totalCount') as number | null,
    ...(at(data, 'accounts', 'pageInfo') as Pick<
      AccountPage,
      'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor'
    >),
    sources: at(data, 'accounts', 'sources') as AccountPage['sources'],
    errors: errors.map((error) => ({
      code: error.extensions.code,
      message: String(Reflect.get(error, 'message')),
    })),
    calls: rig.dataCalls().length - before,
  };
}

/** Pages through all accounts in one direction; `between` runs before each page but the first. */
export async function walk(
  rig: Rig,
  direction: 'forward' | 'backward',
  sizeOf: (pageIndex: number) => number,
  between: (pageIndex: number, last: AccountPage) => void = () => {},
): Promise<AccountPage[]> {
  const pages: AccountPage[] = [];
  for (;;) {
    const last = pages.at(-1);
    if (last !== undefined) between(pages.length, last);
    const size = sizeOf(pages.length);
    const page = await readPage(
      rig,
      direction === 'forward'
        ? { first: size, after: last?.endCursor }
        : { last: size, before: last?.startCursor },
    );
    pages.push(page);
    if (page.errors.length > 0) return pages;
    expect(direction === 'forward' ? page.hasPreviousPage : page.hasNextPage).toBe(last !== undefined);
    if (!(direction === 'forward' ? page.hasNextPage : page.hasPreviousPage)) return pages;
    expect(page.ids).toHaveLength(size);
  }
}

/** Identifiers on all pages, in the list's order. */
export function idsOf(pages: readonly AccountPage[], direction: 'forward' | 'backward'): string[] {
  return (direction === 'forward' ? pages : pages.toReversed()).flatMap(({ ids }) => ids);
}
