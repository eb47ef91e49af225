import { moneyText, notReported } from './amounts.ts';
import type { BalanceStatement } from './history-query.ts';
import { html } from './html.ts';
import { dayText, instantText } from './times.ts';

const verdicts = {
  AGREES: 'The transactions account for the balance, to the last digit.',
  DIFFERS: 'The transactions do not account for the balance.',
  INCONCLUSIVE: 'This statement could not be checked.',
} as const;

/** Shows the opening balance, movements and closing balance of a period, and whether they agree. */
export function StatementCheck(props: { readonly statement: BalanceStatement; readonly from: string }) {
  const { statement, from } = props;
  const { check } = statement;
  const lines: readonly (readonly [string, string])[] = [
    [`Opening, ${dayText(from)}`, moneyText(statement.openingBalance)],
    ['In', moneyText(statement.credits)],
    ['Out', moneyText(statement.debits)],
    ['Closing', moneyText(statement.closingBalance)],
    ['Transactions', statement.transactionCount === null ? notReported : String(statement.transactionCount)],
  ];
  return html`<section class="statement" aria-label="Statement">
    <h3>Statement</h3>
    <dl class="figures">
      ${lines.map(([name, text]) => html`<div key=${name}><dt>${name}</dt><dd class="digits">${text}</dd></div>`)}
    </dl>
    <p class="verdict ${check.verdict.toLowerCase()}"><strong>${verdicts[check.verdict]}</strong> ${check.explanation}</p>
    ${
      check.verdict === 'DIFFERS' &&
      html`<p>
        Expected <span class="digits">${moneyText(check.expected)}</span>, reported
        <span class="digits"> ${moneyText(check.reported)}</span>, difference
        <span class="digits"> ${moneyText(check.difference)}</span>.
      </p>`
    }
    ${
      check.evidence.length > 0 &&
      html`<ul>
        ${check.evidence.map(
          (row) =>
            html`<li key=${row.id}>${instantText(row.createdAt)}: ${moneyText(row.amount)} (${row.providerTransactionId})</li>`,
        )}
      </ul>`
    }
  </section>`;
}
