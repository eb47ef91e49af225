import { moneyText, notReported, signOf } from './amounts.ts';
import { html } from './html.ts';
import type { TransactionRow } from './queries.ts';
import type { RowColumn } from './row-window.ts';
import { exactInstantText, instantText } from './times.ts';
import { inWords } from './words.ts';

export const transactionRowHeight = 52;

export const transactionColumns: readonly RowColumn[] = [
  { name: 'Created', className: 'when' },
  { name: 'Type', className: 'wide' },
  { name: 'Ledger', className: 'ledger' },
  { name: 'Status', className: 'status' },
  { name: 'Amount', className: 'number' },
];

/** The cells of one transaction in the list. */
export function TransactionCells(props: {
  readonly row: TransactionRow;
  readonly tabIndex: 0 | -1;
  readonly onOpen: (row: TransactionRow) => void;
}) {
  const { row, tabIndex, onOpen } = props;
  const about = row.description ?? row.referenceId ?? row.shortId ?? '';
  return html`<span role="gridcell" class="when" title=${exactInstantText(row.createdAt)}>${instantText(row.createdAt)}</span>
    <span role="gridcell" class="wide">
      <button type="button" class="row-button" tabindex=${tabIndex} onClick=${() => onOpen(row)}>${typeText(row)}</button>
      <small>${about}</small>
    </span>
    <span role="gridcell" class="ledger">${row.provider.name} ${row.ledger.toLowerCase()}</span>
    <span role="gridcell" class="status ${row.status.toLowerCase()}" title=${row.statusRaw}>${inWords(row.status)}</span>
    <span role="gridcell" class="number digits ${signOf(row.signedAmount)}">${amountText(row)}</span>`;
}

/** The provider's own word if the schema has none; some providers report no type. */
export function typeText({ type, typeRaw }: TransactionRow): string {
  return type === 'UNRECOGNIZED' ? typeRaw || 'Transaction' : inWords(type);
}

/** The amount with its sign; without one when the provider does not report the direction. */
export function amountText({ signedAmount, amount }: TransactionRow): string {
  if (signedAmount === null) return amount === null ? notReported : moneyText(amount);
  const text = moneyText(signedAmount);
  return signOf(signedAmount) === 'in' ? `+${text}` : text;
}
