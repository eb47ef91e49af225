import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { notReported } from './amounts.ts';
import { send } from './graphql-client.ts';
import { html } from './html.ts';
import { type AccountRow, accountsQuery } from './queries.ts';
import { type RowColumn, RowWindow } from './row-window.ts';
import { EmptyNote, FeedNotes, Panel } from './states.ts';
import { type FeedPage, useFeed } from './use-feed.ts';
import { inWords } from './words.ts';

const pageSize = 100;
const rowHeight = 52;
const columns: readonly RowColumn[] = [
  { name: 'Account', className: 'wide' },
  { name: 'Country', className: 'country' },
  { name: 'Status', className: 'status' },
];

async function readPage(after: string | null, signal: AbortSignal): Promise<FeedPage<AccountRow>> {
  const { data, errors } = await send(accountsQuery, { first: pageSize, after }, { signal });
  const { nodes, ...page } = data.accounts;
  return { ...page, rows: nodes, errors };
}

/** Shows accounts with a search. A search reads on, page by page, to the end of the list. */
export function AccountsPanel(props: { readonly onChoose: (id: string) => void }) {
  const feed = useFeed('accounts', readPage);
  const [search, setSearch] = useState('');
  const [status, setStatus] = useState('');
  const statuses = useMemo(
    () => [...new Set(feed.rows.map((row) => row.status).filter((value) => value !== null))],
    [feed.rows],
  );
  const isNarrowed = search.trim() !== '' || status !== '';
  const rows = useMemo(
    () => feed.rows.filter((row) => matches(row, search) && (status === '' || row.status === status)),
    [feed.rows, search, status],
  );
  useEffect(() => {
    if (isNarrowed && !feed.isComplete) feed.more();
  }, [isNarrowed, feed.rows.length, feed.isComplete, feed.problem, feed.more]);
  const keyOf = useCallback((row: AccountRow) => row.id, []);
  const render = (row: AccountRow, tabIndex: 0 | -1) => html`<span role="gridcell" class="wide">
      <button type="button" class="row-button" tabindex=${tabIndex} onClick=${() => props.onChoose(row.id)}>
        ${row.displayName}
      </button>
      <small>${row.provider.name}${row.shortReference === null ? '' : ` \u00b7 ${row.shortReference}`}</small>
    </span>
    <span role="gridcell" class="country">${row.country ?? notReported}</span>
    <span role="gridcell" class="status" title=${row.statusRaw ?? ''}>
      ${row.status === null ? notReported : inWords(row.status)}
    </span>`;
  return html`<${Panel}
    id="accounts"
    title="Accounts"
    query=${accountsQuery.text}
    variables=${{ first: 20, after: null }}
    aside=${html`<span class="age" role="status">${countText(feed.rows.length, feed.totalCount, isNarrowed ? rows.length : null)}</span>`}
  >
    <form class="filters" role="search" onSubmit=${(event: Event) => event.preventDefault()}>
      <label>Search <input type="search" value=${search} placeholder="Name or reference"
        onInput=${(event: Event) => setSearch((event.target as HTMLInputElement).value)} /></label>
      <label>Status <select value=${status} onChange=${(event: Event) => setStatus((event.target as HTMLSelectElement).value)}>
        <option value="">All</option>
        ${statuses.map((value) => html`<option key=${value} value=${value}>${inWords(value)}</option>`)}
      </select></label>
    </form>
    <${FeedNotes} feed=${feed} />
    ${
      feed.isComplete && rows.length === 0
        ? html`<${EmptyNote}>${isNarrowed ? 'No account matches.' : 'There are no accounts.'}<//>`
        : (feed.problem === null || feed.rows.length > 0) &&
          html`<${RowWindow}
            label="Accounts"
            columns=${columns}
            rows=${rows}
            keyOf=${keyOf}
            rowHeight=${rowHeight}
            render=${render}
            rowCount=${isNarrowed ? null : feed.totalCount}
            onEnd=${feed.more}
            footer=${feed.isLoading ? html`<p class="note loading" role="status">Reading accounts \u2026</p>` : null}
          />`
    }
  <//>`;
}

function matches(row: AccountRow, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [row.displayName, row.shortReference, row.providerAccountId].some((text) =>
    text?.toLowerCase().includes(wanted),
  );
}

function countText(read: number, total: number | null, found: number | null): string {
  const all = total ?? `${read}+`;
  if (found === null) return `${all} accounts`;
  return read === total ? `${found} of ${all}` : `${found} found, ${read} of ${all} searched`;
}
