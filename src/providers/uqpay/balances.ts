import type { AccountRef, Balance } from '../../domain/model.ts';
import { judgePage } from '../../domain/page-evidence.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import { type ReadContext, type Reading, type Route, withoutCache } from '../../ports/upstream.ts';
import { type NumberedPage, pullPages } from '../shared/page-pull.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyContext, UqpayClient, UqpayRead } from './client.ts';
import { ledgerOfLine, type UqpayLine } from './config.ts';
import { CurrencySpelling } from './currency-spelling.ts';
import type { Refusal } from './failures.ts';
import { checkOwner, pageSizes, parseList, toPageQuery } from './list.ts';
import { toBalance } from './map.ts';
import { wireBalance, wireBalanceList } from './wire.ts';

/** The list of each line, and the route of one balance, which issuing reads by POST (reference section 4.1). */
const routes: Record<UqpayLine, { readonly list: Route; readonly one: Route }> = {
  banking: {
    list: { method: 'GET', path: '/v1/balances' },
    one: { method: 'GET', path: '/v1/balances/{currency}' },
  },
  issuing: {
    list: { method: 'GET', path: '/v1/issuing/balances' },
    one: { method: 'POST', path: '/v1/issuing/balances' },
  },
  payment: {
    list: { method: 'GET', path: '/v2/payment/balances' },
    one: { method: 'GET', path: '/v2/payment/balances/{currency}' },
  },
};

/** What can be a currency on the wire. It excludes `transactions`: `/v1/balances/transactions` is another route. */
const singleCurrency = /^[A-Za-z0-9]{1,10}$/;

/** Balances of one business line. */
export function createBalanceRepository(
  line: UqpayLine,
  client: UqpayClient,
  now: () => number,
): BalanceRepository {
  const ledger = ledgerOfLine[line];
  const { list: listRoute, one: oneRoute } = routes[line];
  const spelling = new CurrencySpelling();

  function readPage(account: AccountRef, { pageNumber, pageSize }: NumberedPage, context: ReadContext) {
    const onBehalfOf = account.providerAccountId;
    const read: UqpayRead<CountedPage<Balance>> = {
      kind: 'balances',
      route: listRoute,
      query: toPageQuery(pageNumber, pageSize),
      onBehalfOf,
      parse(json, reply) {
        const asked = { pageNumber, pageSize, onBehalfOf };
        const { rows, ...counts } = parseList(wireBalanceList, 'currency', asked, json, reply);
        spelling.note(rows);
        checkOneOwner(rows, reply);
        return { rows: rows.map((row) => toBalance(row, account, ledger)), ...counts };
      },
    };
    return client.read(read, context);
  }

  function readOne(
    account: AccountRef,
    currency: string,
    context: ReadContext,
  ): Promise<Reading<Balance | null | 'UNSURE'>> {
    if (!singleCurrency.test(currency)) {
      return Promise.resolve({ value: 'UNSURE', asOfMs: now(), staleBecause: null });
    }
    const onBehalfOf = account.providerAccountId;
    return client.read<Balance | null | 'UNSURE'>(
      {
        kind: 'balances',
        ...askFor(oneRoute, spelling.of(currency)),
        query: {},
        onBehalfOf,
        partOf: {
          route: listRoute,
          query: toPageQuery(1, pageSizes.pageSizeMax),
          pick(page) {
            const { rows, rowCount, pageCount } = page as CountedPage<Balance>;
            const row = rows.find((balance) => balance.currency === currency);
            const asked = { pageNumber: 1, pageSize: pageSizes.pageSizeMax };
            const verdict = judgePage({ ...asked, rowsOnPage: rows.length, rowCount, pageCount });
            return row ?? (verdict === 'last' ? null : undefined);
          },
        },
        parse(json, { name, details }) {
          const row = parseShape(wireBalance, json, name, details);
          spelling.note([row]);
          checkOwner(row, 'account_id', onBehalfOf, { name, details });
          if (row.currency === currency) return toBalance(row, account, ledger);
          throw shapeFailure(name, 'currency', 'is not the currency that was asked for', details);
        },
        ofRejection: (refusal) => ofRejection(refusal, spelling),
      },
      context,
    );
  }

  return {
    ledger,
    pageSizeMax: pageSizes.pageSizeMax,
    knownBy: 'currency',
    listRoute,
    oneRoute,
    list: (account, context) =>
      pullPages({
        ...pageSizes,
        readPage: (asked) => readPage(account, asked, asked.isReadAgain ? withoutCache(context) : context),
        keyOf: (balance) => balance.currency,
        name: `UQPAY ${listRoute.method} ${listRoute.path}`,
        details: { provider: 'UQPAY', ledger },
      }),
    one: readOne,
  };
}

/** Throws UPSTREAM_SHAPE if rows name several accounts: it would be unclear whose balances they are. */
function checkOneOwner(
  rows: readonly { readonly account_id: string | null }[],
  { name, details }: ReplyContext,
): void {
  const owners = new Set(
    rows.flatMap(({ account_id: owner }) => (owner === null ? [] : [owner.toLowerCase()])),
  );
  if (owners.size > 1) throw shapeFailure(name, 'data', 'holds balances of several accounts', details);
}

/** A POST names the currency in its body, a GET in its path. */
function askFor(route: Route, currency: string): Pick<UqpayRead<unknown>, 'route' | 'pathValues' | 'body'> {
  return route.method === 'POST'
    ? { route, body: JSON.stringify({ currency }) }
    : { route, pathValues: { currency } };
}

/** No source says how UQPAY refuses a currency without a balance (reference section 10). */
function ofRejection(
  { notFound, failure }: Refusal,
  { isAsDocumented }: CurrencySpelling,
): null | 'UNSURE' | undefined {
  // The route may know the currency by another spelling.
  if (notFound) return isAsDocumented ? null : 'UNSURE';
  const status = failure.details.upstreamStatus;
  return status === 400 || status === 404 || status === 422 ? 'UNSURE' : undefined;
}
