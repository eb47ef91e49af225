import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import type { Account } from '../../domain/model.ts';
import type { AccountFeed } from '../../ports/account-feed.ts';
import type { CountedPage, PageStream } from '../../ports/page.ts';
import type { AccountRepository } from '../../ports/provider.ts';
import { type ReadContext, type Reading, type Route, withoutCache } from '../../ports/upstream.ts';
import { ListSlices, ObservedPages } from '../shared/list-slices.ts';
import { type NumberedList, type NumberedPage, pullPages } from '../shared/page-pull.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import { parseClaims, type TokenClaims } from './claims.ts';
import { isAccountId, type UqpayClient } from './client.ts';
import type { UqpayLine } from './config.ts';
import { pageSizes, parseList, toPageQuery } from './list.ts';
import { toAccount, toMasterAccount } from './map.ts';
import type { TokenSource } from './token.ts';
import { wireAccount, wireAccountList } from './wire.ts';

const listRoute: Route = { method: 'GET', path: '/v1/accounts' };
const oneRoute: Route = { method: 'GET', path: '/v1/accounts/{account_id}' };

/** Business code of each line (reference section 3.1). */
const businessCode: Record<UqpayLine, string> = {
  banking: 'BANKING',
  issuing: 'ISSUING',
  payment: 'ACQUIRING',
};

export interface AccountRepositoryOptions {
  readonly client: UqpayClient;
  readonly tokens: TokenSource;
  readonly lines: readonly UqpayLine[];
  readonly now: () => number;
}

/** The master account and its connected accounts (reference section 3). */
export function createAccountRepository({
  client,
  tokens,
  lines,
  now,
}: AccountRepositoryOptions): AccountRepository {
  /** Kept once known, so that the master account keeps its id while tokens change. */
  let masterClaims: TokenClaims | null = null;

  const observed = new ObservedPages(pageSizes.pageSizeMax, now);
  let listsMaster = false;

  const listOf = (context: ReadContext): NumberedList<Account> => ({
    ...pageSizes,
    readPage: (asked) => readPage(asked, asked.isReadAgain ? withoutCache(context) : context),
    keyOf: (account) => account.providerAccountId,
    name: `UQPAY ${listRoute.method} ${listRoute.path}`,
    details: { provider: 'UQPAY' },
  });

  function feed(context: ReadContext): AccountFeed {
    const slices = new ListSlices(listOf(context), observed);
    return {
      get sliceSizeMax() {
        return observed.pageSizeMax;
      },
      async read(range, isReadAgain) {
        const { value, ...reading } = await slices.read(range, isReadAgain);
        listsMaster ||= value.rows.some(isMasterRow);
        return { ...reading, value: { ...value, listsMaster } };
      },
    };
  }

  async function* connected(context: ReadContext): PageStream<Account> {
    let masterRowCount = 0;
    for await (const { value, ...reading } of pullPages(listOf(context))) {
      const rows = value.rows.filter((account) => !isMasterRow(account));
      masterRowCount += value.rows.length - rows.length;
      yield {
        ...reading,
        value: {
          rows,
          rowCount: value.rowCount === null ? null : value.rowCount - masterRowCount,
          hasMore: value.hasMore,
        },
      };
    }
  }

  function readPage(
    { pageNumber, pageSize }: NumberedPage,
    context: ReadContext,
  ): Promise<Reading<CountedPage<Account>>> {
    return client.read<CountedPage<Account>>(
      {
        kind: 'accounts',
        route: listRoute,
        query: toPageQuery(pageNumber, pageSize),
        onBehalfOf: null,
        parse(json, reply) {
          const asked = { pageNumber, pageSize, onBehalfOf: null };
          const { rows, ...counts } = parseList(wireAccountList, 'account_id', asked, json, reply);
          const { entityId } = parseClaims(reply.token.text);
          // It is not documented whether the list includes the master account; the token identifies its row.
          return { rows: rows.map((row) => toListedAccount(toAccount(row), entityId)), ...counts };
        },
      },
      context,
    );
  }

  function readOneOfLine(providerAccountId: string, line: UqpayLine, context: ReadContext) {
    return client.read<Account | null>(
      {
        kind: 'accounts',
        route: oneRoute,
        pathValues: { account_id: providerAccountId },
        query: { business_code: businessCode[line] },
        onBehalfOf: null,
        partOf: {
          route: listRoute,
          query: toPageQuery(1, pageSizes.pageSizeMax),
          pick: (page) =>
            (page as CountedPage<Account>).rows.find(
              (row) => !isMasterRow(row) && row.providerAccountId === providerAccountId,
            ),
        },
        parse(json, { name, details }) {
          const row = parseShape(wireAccount, json, name, details);
          if (row.account_id.toLowerCase() === providerAccountId.toLowerCase()) return toAccount(row);
          throw shapeFailure(name, 'account_id', 'is not the account that was asked for', details);
        },
        ofRejection: ({ notFound, failure }) =>
          notFound || failure.details.upstreamStatus === 400 || failure.details.upstreamStatus === 404
            ? null
            : undefined,
      },
      context,
    );
  }

  async function readToken(signal: CancelSignal): Promise<string> {
    try {
      return (await tokens.current(signal)).text;
    } catch (error) {
      throw error instanceof Failure ? error.at({ provider: 'UQPAY' }) : error;
    }
  }

  return {
    async master({ signal, cachedOnly }) {
      if (cachedOnly === undefined) masterClaims ??= parseClaims(await readToken(signal));
      // Nothing is called for a plan: without what a token says about the account, the reads are the same.
      const held = cachedOnly && (await cachedOnly.waitFor(Promise.resolve(tokens.held())));
      const claims = masterClaims ?? parseClaims(held?.text ?? '');
      return { value: toMasterAccount(claims), asOfMs: now(), staleBecause: null };
    },
    connected,
    feed,
    listRoute,
    oneRoute,
    async one(providerAccountId, context) {
      let reading: Reading<Account | null> = { value: null, asOfMs: now(), staleBecause: null };
      if (!isAccountId(providerAccountId)) return reading;
      // UQPAY refuses an account under the code of a line that it does not have (reference section 3.2).
      for (const line of lines) {
        reading = await readOneOfLine(providerAccountId, line, context);
        if (reading.value !== null) break;
      }
      return reading;
    },
  };
}

function isMasterRow({ ref }: Account): boolean {
  return ref.providerAccountId === null;
}

/** Marks the master account's row with a null id, so that it can be counted and left out. */
function toListedAccount(account: Account, masterId: string | null): Account {
  const isMaster = masterId !== null && account.providerAccountId.toLowerCase() === masterId.toLowerCase();
  return isMaster ? { ...account, ref: { ...account.ref, providerAccountId: null } } : account;
}
