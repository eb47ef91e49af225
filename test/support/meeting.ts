import type { Ledger } from '../../src/domain/vocabulary.ts';
import type { Provider } from '../../src/ports/provider.ts';
import type { TransactionFeed } from '../../src/ports/transaction-feed.ts';

/**
 * A provider that answers the first `passCount` calls and holds the others until `callCount` of them are in flight;
 * later ones pass. If a held call is needed before another one is made, the test never ends, and fails by its time
 * limit.
 */
export function meeting(provider: Provider, callCount: number, passCount = 0): Provider {
  let seen = 0;
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  async function meet(): Promise<void> {
    seen += 1;
    if (seen >= passCount + callCount) open();
    if (seen > passCount) await opened;
  }
  return {
    ...provider,
    accounts: {
      ...provider.accounts,
      async *connected(context) {
        await meet();
        yield* provider.accounts.connected(context);
      },
    },
    balances: new Map(
      Array.from(provider.balances, ([ledger, book]) => {
        const { one } = book;
        const met = {
          ...book,
          async *list(...args: Parameters<typeof book.list>) {
            await meet();
            yield* book.list(...args);
          },
        };
        if (one === undefined) return [ledger, met];
        return [
          ledger,
          {
            ...met,
            async one(...args: Parameters<typeof one>) {
              await meet();
              return one(...args);
            },
          },
        ];
      }),
    ),
    transactions: new Map(
      Array.from(provider.transactions, ([ledger, book]): [Ledger, TransactionFeed] => [
        ledger,
        book.kind === 'page-number'
          ? {
              ...book,
              page: (...args: Parameters<typeof book.page>) => meet().then(() => book.page(...args)),
            }
          : {
              ...book,
              page: (...args: Parameters<typeof book.page>) => meet().then(() => book.page(...args)),
            },
      ]),
    ),
  };
}
