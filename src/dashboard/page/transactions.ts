import { useCallback, useMemo, useState } from 'preact/hooks';
import { DownloadLinks } from './download-links.ts';
import { html } from './html.ts';
import { type TransactionRow, transactionsQuery } from './queries.ts';
import { RowWindow } from './row-window.ts';
import { EmptyNote, FeedNotes, Panel } from './states.ts';
import { TransactionCells, transactionColumns, transactionRowHeight } from './transaction-cells.ts';
import { TransactionDetail } from './transaction-detail.ts';
import { exportSearch, filterOf, noFilters, TransactionFilters } from './transaction-filters.ts';
import { useTransactions } from './use-transactions.ts';
import type { ChangeView, View } from './view.ts';

/**
 * Shows transactions, newest first, with endless scrolling: pages are read as they come near, and new rows wait until
 * they are requested.
 */
export function TransactionsPanel({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const filter = useMemo(() => filterOf(view), [view]);
  const list = useTransactions(filter);
  const [chosen, setChosen] = useState<TransactionRow | null>(null);
  const keyOf = useCallback((row: TransactionRow) => row.id, []);
  const render = useCallback(
    (row: TransactionRow, tabIndex: 0 | -1) =>
      html`<${TransactionCells} row=${row} tabIndex=${tabIndex} onOpen=${setChosen} />`,
    [],
  );
  const showNew = () => {
    list.showNew();
    // The button goes, and the focus with it.
    document.querySelector<HTMLElement>('.rows [tabindex="0"]')?.focus({ preventScroll: true });
  };
  const isFiltered = Object.keys(noFilters).some((name) => view[name as keyof View] !== null);
  return html`<${Panel}
    id="transactions"
    title="Transactions"
    query=${transactionsQuery.text}
    variables=${{ filter, first: 20, after: null }}
    aside=${html`<span class="age">${list.totalCount === null ? '' : `${list.totalCount.toLocaleString()} in all`}</span>`}
  >
    <${TransactionFilters} view=${view} change=${change} />
    <${FeedNotes} feed=${list} />
    <div aria-live="polite">
      ${
        list.newText !== null &&
        html`<button type="button" class="new-rows" onClick=${showNew}>${list.newText}</button>`
      }
    </div>
    ${
      list.isComplete && list.rows.length === 0
        ? html`<${EmptyNote}>
            ${isFiltered ? 'No transaction matches these filters.' : 'There are no transactions.'}
            ${isFiltered && html` <button type="button" onClick=${() => change(noFilters)}>Clear the filters</button>`}
          <//>`
        : (list.problem === null || list.rows.length > 0) &&
          html`<${RowWindow}
            label="Transactions"
            columns=${transactionColumns}
            rows=${list.rows}
            keyOf=${keyOf}
            rowHeight=${transactionRowHeight}
            render=${render}
            rowCount=${list.totalCount}
            onEnd=${list.more}
            footer=${html`<p class="note ${list.isLoading ? 'loading' : ''}" role="status">
              ${list.isLoading ? 'Reading transactions \u2026' : list.isComplete ? 'The oldest transaction.' : ''}
            </p>`}
          />`
    }
    <${DownloadLinks} names=${['transactions.csv', 'transactions.ndjson']} search=${exportSearch(filter)} />
    ${chosen !== null && html`<${TransactionDetail} row=${chosen} onClose=${() => setChosen(null)} />`}
  <//>`;
}
