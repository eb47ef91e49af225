import { html } from './html.ts';
import type { TransactionFilter } from './queries.ts';
import { instantOfDay } from './times.ts';
import type { ChangeView, View } from './view.ts';
import { inWords, ledgers, transactionDirections, transactionStatuses, transactionTypes } from './words.ts';

/** What a view without filters has. */
export const noFilters = {
  ledger: null,
  currency: null,
  type: null,
  status: null,
  direction: null,
  from: null,
  to: null,
} as const satisfies Partial<View>;

/** The filter for a view. */
export function filterOf(view: View): TransactionFilter {
  const from = view.from === null ? null : instantOfDay(view.from);
  const to = view.to === null ? null : instantOfDay(view.to, 1);
  return {
    ...(view.account === null ? {} : { accountIds: [view.account] }),
    ...(view.ledger === null ? {} : { ledgers: [view.ledger] }),
    ...(view.currency === null ? {} : { currencies: [view.currency] }),
    ...(view.type === null ? {} : { types: [view.type] }),
    ...(view.status === null ? {} : { statuses: [view.status] }),
    ...(view.direction === null ? {} : { directions: [view.direction] }),
    ...(from === null && to === null ? {} : { createdAt: { from, to } }),
  };
}

/** The same filter as parameters of an export. */
export function exportSearch({ createdAt, ...lists }: TransactionFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(lists)) search.set(name, (values as string[]).join());
  for (const [end, instant] of Object.entries(createdAt ?? {})) {
    if (instant !== null) search.set(`createdAt.${end}`, instant);
  }
  return search;
}

/** Inputs for ledger, currency, type, status, direction and days. */
export function TransactionFilters({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const chosenIn = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value || null;
  const select = (name: 'ledger' | 'type' | 'status' | 'direction', values: readonly string[]) =>
    html`<label>
      ${inWords(name)}
      <select value=${view[name] ?? ''} onChange=${(event: Event) => change({ [name]: chosenIn(event) })}>
        <option value="">All</option>
        ${values.map((value) => html`<option key=${value} value=${value}>${inWords(value)}</option>`)}
      </select>
    </label>`;
  return html`<form class="filters" onSubmit=${(event: Event) => event.preventDefault()} aria-label="Filters">
    ${select('ledger', ledgers)} ${select('type', transactionTypes)} ${select('status', transactionStatuses)}
    ${select('direction', transactionDirections)}
    <label>
      Currency
      <input
        class="short"
        value=${view.currency ?? ''}
        maxlength="40"
        onChange=${(event: Event) => change({ currency: chosenIn(event)?.trim().toUpperCase() || null })}
      />
    </label>
    <label>
      From <input type="date" value=${view.from ?? ''} onChange=${(event: Event) => change({ from: chosenIn(event) })} />
    </label>
    <label>
      To <input type="date" value=${view.to ?? ''} onChange=${(event: Event) => change({ to: chosenIn(event) })} />
    </label>
  </form>`;
}
