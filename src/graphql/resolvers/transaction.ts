import { encodeTransactionId } from '../../domain/global-id.ts';
import { signedAmount } from '../../domain/signed-amount.ts';
import type { TransactionResolvers } from '../../generated/resolvers.ts';
import { providerOf } from './provider.ts';
import { referencedTransaction } from './references.ts';

/** Fields of a transaction that are not its plain properties. */
export const Transaction: TransactionResolvers = {
  __resolveReference: referencedTransaction,
  id: ({ account, ledger, createdAt, providerTransactionId, distinguishingId }) =>
    encodeTransactionId({
      account,
      ledger,
      createdSecond: createdAt.second,
      hasFraction: createdAt.nano !== 0,
      providerTransactionId,
      distinguishingId,
    }),
  provider: ({ account }, _args, context) => providerOf(account, context),
  signedAmount: (transaction) => signedAmount(transaction),
  account: ({ account }, _args, { reads }) => reads.accounts.one(account),
  balance(transaction, _args, { reads, providers }) {
    const { account, ledger, currency, providerBalanceId } = transaction;
    const feed = providers.get(account.provider)?.transactions.get(ledger);
    const distinguishingId = feed?.movesBalanceBy === 'provider-id' ? providerBalanceId : null;
    return reads.balances.one({ account, ledger, currency, distinguishingId });
  },
};
