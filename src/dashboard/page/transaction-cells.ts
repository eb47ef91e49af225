import { moneyText, notReported, signOf } from './amounts.ts';
import { html } from './html.ts';
import type { TransactionRow } from './queries.ts';
import { exactInstantText, instantText } from './times.ts';
import { inWords } from './words.ts';

export const transactionRowHeight = 52;

/** The cells of one transaction in the list. */
export function TransactionCells(props: {
  readonly row: TransactionRow;
  readonly onOpen: (row: TransactionRow) => void;
}) {
  const { row, onOpen } = props;
  const about = row.description ?? row.referenceId ?? row.shortId ?? '';
  return html`<span role="cell" class="when" title=${exactInstantText(row.createdAt)}>${instantText(row.createdAt)}</span>
    <span role="cell" class="wide">
      <button type="button" class="row-button" onClick=${() => onOpen(row)}>${typeText(row)}</button>
      <small>${about}</small>
    </span>
    <span role="cell" class="ledger">${row.provider.name} ${row.ledger.toLowerCase()}</span>
    <span role="cell" class="status ${row.status.toLowerCase()}" title=${row.statusRaw}>${inWords(row.status)}</span>
    <span role="cell" class="number digits ${signOf(row.signedAmount)}">${amountText(row)}</span>`;
}

/** The provider's own word if the schema has none. */
export function typeText({ type, typeRaw }: TransactionRow): string {
  return type === 'UNRECOGNIZED' && typeRaw !== '' ? typeRaw : inWords(type);
}

/** The amount with its sign; without one when the provider does not report the direction. */
export function amountText({ signedAmount, amount }: TransactionRow): string {
  if (signedAmount === null) return amount === null ? notReported : moneyText(amount);
  const text = moneyText(signedAmount);
  return signOf(signedAmount) === 'in' ? `+${text}` : text;
}
