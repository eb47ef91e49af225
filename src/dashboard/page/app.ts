import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AccountsPanel } from './accounts.ts';
import { ActivityPanel } from './activity.ts';
import { BalancesPanel } from './balances.ts';
import { onRefusal } from './credential.ts';
import { HistoryPanel } from './history.ts';
import { html } from './html.ts';
import { KeyForm } from './key-form.ts';
import { aboutQuery, accountNameQuery, type ProviderRow } from './queries.ts';
import { StateNote } from './states.ts';
import { TotalsPanel } from './totals.ts';
import { TransactionsPanel } from './transactions.ts';
import { useQuery } from './use-query.ts';
import { type ChangeView, type Tab, tabs, useView, type View } from './view.ts';

const none = {};

/** The whole page: the caller, the current view, and the panels of the open tab. */
export function App() {
  const [view, change] = useView();
  const about = useQuery(aboutQuery, none, null);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => onRefusal(setRefusal), []);
  useEffect(() => setRefusal(null), [about.answer]);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    document.title = `${tabNames[view.tab]} \u00b7 Balances`;
    // The focused element may have been removed with the earlier view.
    if (!isFirst.current && document.activeElement === document.body)
      document.getElementById('main')?.focus();
    isFirst.current = false;
  }, [view]);
  return html`<a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <h1>Balances</h1>
      <${Environments} providers=${about.answer?.data.providers ?? []} />
      <${Tabs} view=${view} change=${change} />
    </header>
    <main id="main" tabindex="-1">
      ${
        refusal !== null
          ? html`<${KeyForm} message=${refusal} />`
          : about.answer !== null
            ? html`<${AccountLine} view=${view} change=${change} /> ${shown(view, change)}`
            : html`<${StateNote} state=${about} loading="Asking the gateway \u2026" />`
      }
    </main>`;
}

function shown(view: View, change: ChangeView) {
  switch (view.tab) {
    case 'accounts':
      return html`<${AccountsPanel}
        onChoose=${(id: string) => change({ account: id, tab: 'balances', balance: null })}
      />`;
    case 'transactions':
      return html`<${TransactionsPanel} view=${view} change=${change} />`;
    case 'balances':
      return html`${view.balance !== null && html`<${HistoryPanel} view=${view} change=${change} />`}
        <${BalancesPanel} view=${view} change=${change} />`;
    default:
      return html`<${TotalsPanel} view=${view} change=${change} />
        <${ActivityPanel} view=${view} change=${change} />`;
  }
}

function Tabs({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const hasExplorer = document.documentElement.dataset.explorer === 'true';
  return html`<nav class="tabs" aria-label="Views">
    ${tabs.map(
      (tab: Tab) => html`<button
        key=${tab}
        type="button"
        aria-current=${view.tab === tab ? 'page' : undefined}
        onClick=${() => change({ tab })}
      >
        ${tabNames[tab]}
      </button>`,
    )}
    ${hasExplorer && html`<a href="explorer">Explore</a>`}
  </nav>`;
}

const tabNames: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  balances: 'Balances',
  accounts: 'Accounts',
  transactions: 'Transactions',
};

/** Shows which kind of data this is: invented, a test system's, or live. */
function Environments({ providers }: { readonly providers: readonly ProviderRow[] }) {
  return html`<ul class="environments" aria-label="Providers">
    ${providers.map(
      ({ code, name, environment }) => html`<li key=${code} class=${environment.toLowerCase()}>
        ${name} <small>${environmentWords[environment]}</small>
      </li>`,
    )}
  </ul>`;
}

const environmentWords = { EMBEDDED: 'invented data', SANDBOX: 'sandbox', PRODUCTION: 'live' } as const;

function AccountLine({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  if (view.tab === 'accounts') return null;
  if (view.account === null) {
    return html`<p class="account-line">
      Showing the master accounts.
      <button type="button" onClick=${() => change({ tab: 'accounts' })}>Choose an account</button>
    </p>`;
  }
  return html`<p class="account-line">
    Showing <strong><${AccountName} id=${view.account} /></strong>.
    <button type="button" onClick=${() => change({ tab: 'accounts' })}>Choose another</button>
    <button type="button" onClick=${() => change({ account: null, balance: null })}>Master accounts</button>
  </p>`;
}

function AccountName({ id }: { readonly id: string }) {
  const { answer } = useQuery(accountNameQuery, { id }, null);
  return html`${answer?.data.account?.displayName ?? 'one account'}`;
}
