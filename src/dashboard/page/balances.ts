import { useMemo } from 'preact/hooks';
import { type Money, moneyText, notReported } from './amounts.ts';
import { html } from './html.ts';
import { type BalanceRow, balanceParts, balancesQuery } from './queries.ts';
import { EmptyNote, Panel, ReadNote, StateNote } from './states.ts';
import { ageText, exactInstantText } from './times.ts';
import { useChanges } from './use-changes.ts';
import { liveIntervalMinSeconds, useLive } from './use-live.ts';
import { useNow } from './use-now.ts';
import { useQuery } from './use-query.ts';
import type { ChangeView, View } from './view.ts';
import { inWords } from './words.ts';

/** Shows balances by provider and ledger: every amount that a ledger reports, and its age. */
export function BalancesPanel({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const variables = useMemo(
    () => ({ filter: view.account === null ? {} : { accountIds: [view.account] }, after: null }),
    [view.account],
  );
  const lookSeconds = useLive(view.account, () => state.refresh());
  const state = useQuery(balancesQuery, variables, lookSeconds === null ? undefined : liveIntervalMinSeconds);
  const now = useNow();
  const list = state.answer?.data.balances ?? null;
  const texts = new Map(
    (list?.nodes ?? []).map((row) => [row.id, JSON.stringify(partsOf(row).map(([, money]) => money))]),
  );
  const changed = useChanges(texts);
  return html`<${Panel}
    id="balances"
    title="Balances"
    query=${balancesQuery.text}
    variables=${variables}
    aside=${list !== null && html`<${ReadNote} asOf=${list.asOf} now=${now} lookSeconds=${lookSeconds} />`}
  >
    <${StateNote} state=${state} loading="Waiting for the providers\u2019 balances \u2026" sources=${list?.sources} />
    ${list !== null && list.nodes.length === 0 && html`<${EmptyNote}>This account has no balances.<//>`}
    ${ledgersOf(list?.nodes ?? []).map(
      ({ name, rows }) =>
        html`<${LedgerTable} key=${name} name=${name} rows=${rows} now=${now} changed=${changed}
          onPast=${(id: string) => change({ balance: id })} />`,
    )}
    ${
      list?.pageInfo.hasNextPage &&
      html`<p class="note">The first ${list.nodes.length} of ${list.totalCount ?? 'more'} balances.</p>`
    }
  <//>`;
}

function LedgerTable(props: {
  readonly name: string;
  readonly rows: readonly BalanceRow[];
  readonly now: number;
  readonly changed: ReadonlySet<string>;
  readonly onPast: (balanceId: string) => void;
}) {
  const { name, rows, now, changed, onPast } = props;
  const parts = balanceParts.filter((part) => rows.some((row) => row[part] !== null));
  const isAmbiguous = ({ currency }: BalanceRow) =>
    rows.filter((row) => row.currency === currency).length > 1;
  return html`<div class="table-scroll" role="region" aria-label=${name} tabindex="0">
    <table class="amounts">
      <caption>${name}</caption>
      <thead>
        <tr>
          <th scope="col">Currency</th>
          <th scope="col" class="number">Available</th>
          ${parts.map((part) => html`<th key=${part} scope="col" class="number">${inWords(part)}</th>`)}
          <th scope="col">Status</th>
          <th scope="col">Read</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${row.id} class=${changed.has(row.id) ? 'changed' : ''}>
            <th scope="row">
              <button type="button" class="row-button" title="What this balance was" onClick=${() => onPast(row.id)}>
                ${row.currency}
              </button>
              ${isAmbiguous(row) && html` <small class="hint">${row.providerBalanceId}</small>`}
            </th>
            <td class="number main-amount">${amountOf(row.available)}</td>
            ${parts.map((part) => html`<td key=${part} class="number">${amountOf(row[part])}</td>`)}
            <td title=${row.statusRaw ?? ''}>${row.status === null ? notReported : inWords(row.status)}</td>
            <td title=${exactInstantText(row.asOf)}>${ageText(row.asOf, now)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function amountOf(money: Money | null) {
  return money === null
    ? html`<span title="The provider does not report it">${notReported}</span>`
    : html`<span class="digits">${moneyText(money)}</span>`;
}

function partsOf(row: BalanceRow): readonly (readonly [string, Money | null])[] {
  return (['available', ...balanceParts] as const).map((part) => [part, row[part]] as const);
}

function ledgersOf(rows: readonly BalanceRow[]) {
  const byLedger = new Map<string, BalanceRow[]>();
  for (const row of rows) {
    const name = `${row.provider.name} ${row.ledger.toLowerCase()}`;
    const known = byLedger.get(name);
    if (known === undefined) byLedger.set(name, [row]);
    else known.push(row);
  }
  return Array.from(byLedger, ([name, ofLedger]) => ({ name, rows: ofLedger }));
}
