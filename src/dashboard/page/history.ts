import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { moneyText, notReported } from './amounts.ts';
import { Chart, type ChartSeries } from './chart.ts';
import { DownloadLinks } from './download-links.ts';
import { type BalanceOrigin, type BalancePast, type BalancePoint, historyQuery } from './history-query.ts';
import { html } from './html.ts';
import { StatementCheck } from './statement-check.ts';
import { EmptyNote, Panel, StateNote } from './states.ts';
import { dayText, exactInstantText, startOfDay, timeZone } from './times.ts';
import { useQuery } from './use-query.ts';
import { type Bucket, buckets, type ChangeView, type View } from './view.ts';
import { inWords } from './words.ts';

const daysBack: Readonly<Record<Bucket, number>> = { DAY: 29, WEEK: 90, MONTH: 365 };

/**
 * Shows one balance at the end of each day, week or month, with the origin of each value, and the statement of that
 * time.
 */
export function HistoryPanel({
  view,
  change,
}: {
  readonly view: View & { balance: string };
  readonly change: ChangeView;
}) {
  const { balance, bucket } = view;
  useEffect(() => {
    // The panel opens above the balance that was chosen, perhaps out of sight.
    if (document.activeElement?.matches('.row-button')) document.getElementById('history-title')?.focus();
  }, [balance]);
  const variables = useMemo(
    () => ({ id: balance, during: { from: startOfDay(daysBack[bucket], Date.now()) }, bucket, timeZone }),
    [balance, bucket],
  );
  const state = useQuery(historyQuery, variables, null);
  const past = state.answer?.data.node ?? null;
  return html`<${Panel}
    id="history"
    title=${past === null ? 'The past of a balance' : `${past.currency}, ${past.provider.name} ${past.ledger.toLowerCase()}`}
    query=${historyQuery.text}
    variables=${variables}
    aside=${html`<label class="inline">
        By
        <select
          value=${bucket}
          onChange=${(event: Event) => change({ bucket: (event.target as HTMLSelectElement).value as Bucket })}
        >
          ${buckets.map((name) => html`<option key=${name} value=${name}>${inWords(name)}</option>`)}
        </select>
      </label>
      <button type="button" onClick=${() => change({ balance: null })}>Close</button>`}
  >
    <${StateNote} state=${state} loading="Reading what is known of the past \u2026" sources=${past?.history?.sources} />
    ${
      past !== null &&
      past.history === null &&
      html`<${EmptyNote}>Nothing is known of the past of this balance: its ledger lists no transactions, and no readings were kept.<//>`
    }
    ${past?.history && html`<${HistoryChart} points=${past.history.points} basis=${past.history.basis} />`}
    ${past?.statement && html`<${StatementCheck} statement=${past.statement} from=${variables.during.from} />`}
    ${past !== null && html`<${Downloads} past=${past} balanceId=${balance} from=${variables.during.from} />`}
  <//>`;
}

function Downloads(props: { readonly past: BalancePast; readonly balanceId: string; readonly from: string }) {
  const { past, balanceId, from } = props;
  const rows = new URLSearchParams({
    providers: past.provider.code,
    ledgers: past.ledger,
    currencies: past.currency,
    'createdAt.from': from,
    ...(past.account === null ? {} : { accountIds: past.account.id }),
  });
  const isStatement = past.statement?.check.verdict === 'AGREES';
  const statement = new URLSearchParams({ balanceId, 'during.from': from });
  return html`<${DownloadLinks} names=${['transactions.csv', 'transactions.ndjson']} search=${rows} />
    ${isStatement && html`<${DownloadLinks} names=${['statement.xml']} search=${statement} />`}`;
}

const origins: Readonly<Record<BalanceOrigin, { readonly name: string; readonly colour: string }>> = {
  REPORTED: { name: 'Reported with a transaction', colour: '--reported' },
  OBSERVED: { name: 'Read by this gateway', colour: '--observed' },
  DERIVED: { name: 'Worked out', colour: '--derived' },
};

function HistoryChart(props: { readonly points: readonly BalancePoint[]; readonly basis: string | null }) {
  const { points, basis } = props;
  const [index, setIndex] = useState<number | null>(null);
  const onPoint = useCallback((at: number | null) => setIndex(at), []);
  const times = useMemo(() => points.map(({ to }) => Date.parse(to) / 1_000), [points]);
  const texts = useMemo(() => points.map(({ to }) => dayText(to)), [points]);
  const series = useMemo(() => seriesOf(points), [points]);
  const shown = points[index ?? points.length - 1];
  return html`<${Chart}
      label="What the balance was; the table below has the amounts"
      times=${times}
      timeTexts=${texts}
      series=${series}
      onPoint=${onPoint}
    />
    <p class="legend">
      ${Object.values(origins).map(
        ({ name, colour }) =>
          html`<span key=${name}><i style=${{ background: `var(${colour})` }}></i>${name}</span>`,
      )}
    </p>
    ${
      shown !== undefined &&
      html`<p class="legend">
        <strong>${exactInstantText(shown.to)}</strong>
        <span class="digits">${moneyText(shown.closing)}</span>
        <span>${shown.origin === null ? 'Not known' : origins[shown.origin].name}</span>
      </p>`
    }
    ${basis !== null && html`<p class="hint">${basis}</p>`}
    <details>
      <summary>As a table</summary>
      <div class="table-scroll" role="region" aria-label="What the balance was" tabindex="0">
        <table>
          <thead>
            <tr><th scope="col">At</th><th scope="col" class="number">Balance</th><th scope="col">Who says so</th></tr>
          </thead>
          <tbody>
            ${points.map(
              (point) => html`<tr key=${point.to}>
                <th scope="row">${exactInstantText(point.to)}</th>
                <td class="number">${moneyText(point.closing)}</td>
                <td>${point.origin === null ? notReported : origins[point.origin].name}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

/** One line through all known values, with the points of each origin on it. */
function seriesOf(points: readonly BalancePoint[]): readonly ChartSeries[] {
  const numberOf = ({ closing }: BalancePoint) => (closing === null ? null : Number(closing.amount));
  const texts = points.map(({ closing }) => moneyText(closing));
  return [
    { name: 'Balance', colour: '--line', kind: 'line', values: points.map(numberOf), texts },
    ...(Object.keys(origins) as BalanceOrigin[]).map((origin) => ({
      name: origins[origin].name,
      colour: origins[origin].colour,
      kind: 'points' as const,
      values: points.map((point) => (point.origin === origin ? numberOf(point) : null)),
      texts,
    })),
  ];
}
