import * as z from 'zod';
import { amount, known, text } from '../shapes.ts';
import { moneyWords, quoted } from '../words.ts';

const fields = z.object({
  id: z.string().describe('Global ID: what get_transaction takes.'),
  providerTransactionId: z.string().describe("The provider's own identifier."),
  ledger: z.string(),
  createdAt: z.string(),
  completedAt: known('When it became final.'),
  type: z.string(),
  status: z
    .string()
    .describe(
      'PENDING, COMPLETED, FAILED, CANCELLED or UNRECOGNIZED. Only COMPLETED has changed the balance for good.',
    ),
  direction: z.string().describe('CREDIT, DEBIT, or UNSPECIFIED where the provider does not say.'),
  amount: amount('As the provider reports it.'),
  signedAmount: amount('With the sign of its effect on the balance: the one to add up.'),
  fee: amount('Fee reported apart from the amount.'),
  endingBalance: amount('Balance after this transaction.'),
  referenceId: known('Identifier of the business object behind it.'),
  description: text('What the provider says of it; null: not reported.'),
});

/** A transaction in a tool's answer. */
export const transactionRow = fields.extend({
  provider: z.string(),
  accountId: known('ID of the account, where several were asked for.'),
});
export type TransactionRow = z.infer<typeof transactionRow>;

/** A transaction in the gateway's answer. */
export const transactionNode = fields.extend({
  provider: z.object({ code: z.string() }),
  account: z.object({ id: z.string() }).nullish(),
});

export const transactionSelection = `
  id providerTransactionId ledger createdAt completedAt type status direction referenceId description
  provider { code } account @include(if: $withAccount) { id }
  amount { amount currency } signedAmount { amount currency } fee { amount currency } endingBalance { amount currency }`;

export function toTransactionRow(
  { provider, account, ...rest }: z.infer<typeof transactionNode>,
  accountId: string | null,
): TransactionRow {
  return { ...rest, provider: provider.code, accountId: account?.id ?? accountId };
}

export function transactionWords(row: TransactionRow): string {
  const { createdAt, provider, ledger, type, status, direction } = row;
  const description = row.description === null ? '' : `, description ${quoted(row.description)}`;
  const effect =
    row.signedAmount === null
      ? `${moneyWords(row.amount)} (direction ${direction})`
      : moneyWords(row.signedAmount);
  return `${createdAt} ${provider} ${ledger} ${type} ${status}: ${effect}${description}, id ${row.id}`;
}
