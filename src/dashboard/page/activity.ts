import { useCallback, useMemo, useState } from 'preact/hooks';
import { type ActivityPoint, activityQuery } from './activity-query.ts';
import { moneyText, notReported } from './amounts.ts';
import { Chart, type ChartSeries } from './chart.ts';
import { currenciesWith } from './currencies.ts';
import { html } from './html.ts';
import { EmptyNote, Panel, StateNote } from './states.ts';
import { dayText, startOfDay, timeZone } from './times.ts';
import { useQuery } from './use-query.ts';
import { type Bucket, buckets, type ChangeView, type View } from './view.ts';
import { inWords } from './words.ts';

/** Days shown for each bucket width. */
const daysBack: Readonly<Record<Bucket, number>> = { DAY: 29, WEEK: 90, MONTH: 365 };

/** Shows money in and out over time, one currency at a time, because currencies are never added up. */
export function ActivityPanel({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const { account, bucket } = view;
  const [chosen, setChosen] = useState<string | null>(null);
  const currency = chosen ?? view.convertTo;
  const variables = useMemo(
    () => ({
      filter: {
        ...(account === null ? {} : { accountIds: [account] }),
        currencies: [currency],
        createdAt: { from: startOfDay(daysBack[bucket], Date.now()), to: null },
      },
      bucket,
      timeZone,
    }),
    [account, bucket, currency],
  );
  const state = useQuery(activityQuery, variables);
  const series = state.answer?.data.activity ?? null;
  const points = series?.points ?? [];
  const isUncounted =
    points.length > 0 && points.every(({ credits, debits }) => credits === null && debits === null);
  return html`<${Panel}
    id="activity"
    title="Money in and out"
    query=${activityQuery.text}
    variables=${variables}
    aside=${html`<label class="inline">
        Currency
        <select value=${currency} onChange=${(event: Event) => setChosen((event.target as HTMLSelectElement).value)}>
          ${currenciesWith(currency).map((code) => html`<option key=${code} value=${code}>${code}</option>`)}
        </select>
      </label>
      <label class="inline">
        By
        <select
          value=${bucket}
          onChange=${(event: Event) => change({ bucket: (event.target as HTMLSelectElement).value as Bucket })}
        >
          ${buckets.map((name) => html`<option key=${name} value=${name}>${inWords(name)}</option>`)}
        </select>
      </label>`}
  >
    <${StateNote} state=${state} loading="Counting transactions \u2026" sources=${series?.sources} />
    ${series !== null && points.length === 0 && html`<${EmptyNote}>No transaction in ${currency} was completed in this time.<//>`}
    ${isUncounted && html`<${EmptyNote}>There are no sums, because not every source of this time was read.<//>`}
    ${points.length > 0 && !isUncounted && html`<${ActivityChart} points=${points} currency=${currency} />`}
    ${
      series !== null &&
      html`<p class="hint">
        ${series.transactionCount.toLocaleString()} completed transactions in ${currency} since ${dayText(variables.filter.createdAt.from)},
        days of ${timeZone}.${unsummedText(points)}
      </p>`
    }
  <//>`;
}

function ActivityChart(props: { readonly points: readonly ActivityPoint[]; readonly currency: string }) {
  const { points, currency } = props;
  const [index, setIndex] = useState<number | null>(null);
  const onPoint = useCallback((at: number | null) => setIndex(at), []);
  const times = useMemo(() => points.map(({ from }) => Date.parse(from) / 1_000), [points]);
  const texts = useMemo(() => points.map(({ from }) => dayText(from)), [points]);
  const series = useMemo(() => seriesOf(points), [points]);
  const shown = points[index ?? points.length - 1];
  return html`<${Chart}
      label="Money in and out in ${currency}; the table below has the amounts"
      times=${times}
      timeTexts=${texts}
      series=${series}
      onPoint=${onPoint}
    />
    ${
      shown !== undefined &&
      html`<p class="legend">
        <strong>${dayText(shown.from)}</strong>
        <span class="in">In ${moneyText(shown.credits)}</span>
        <span class="out">Out ${moneyText(shown.debits)}</span>
        <span>Net ${moneyText(shown.net)}</span>
      </p>`
    }
    <details>
      <summary>As a table</summary>
      <div class="table-scroll" role="region" aria-label="Money in and out" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col" class="number">In</th>
              <th scope="col" class="number">Out</th>
              <th scope="col" class="number">Net</th>
              <th scope="col" class="number">Transactions</th>
            </tr>
          </thead>
          <tbody>
            ${points.map(
              (point) => html`<tr key=${point.from}>
                <th scope="row">${dayText(point.from)}</th>
                <td class="number">${moneyText(point.credits)}</td>
                <td class="number">${moneyText(point.debits)}</td>
                <td class="number">${point.net === null ? notReported : moneyText(point.net)}</td>
                <td class="number">${point.count}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

function seriesOf(points: readonly ActivityPoint[]): readonly ChartSeries[] {
  const one = (name: string, colour: string, part: 'credits' | 'debits'): ChartSeries => ({
    name,
    colour,
    kind: 'bars',
    values: points.map((point) => (point[part] === null ? null : Number(point[part].amount))),
    texts: points.map((point) => moneyText(point[part])),
  });
  return [one('In', '--in', 'credits'), one('Out', '--out', 'debits')];
}

function unsummedText(points: readonly ActivityPoint[]): string {
  const count = points.reduce((sum, { unsummedCount }) => sum + unsummedCount, 0);
  return count === 0 ? '' : ` ${count} of them say no direction or amount and are in no sum.`;
}
