import { useEffect, useState } from 'preact/hooks';

/** What the page shows, as stored in the URL, so that it can be shared and reloaded. Cursors are not stored. */
export interface View {
  readonly tab: Tab;
  /** Global ID of the account; null for the master accounts. */
  readonly account: string | null;
  readonly convertTo: string;
  readonly ledger: string | null;
  readonly currency: string | null;
  readonly type: string | null;
  readonly status: string | null;
  readonly direction: string | null;
  /** Days such as `2026-11-30` in the viewer's time zone, both inclusive. */
  readonly from: string | null;
  readonly to: string | null;
  readonly bucket: Bucket;
  /** Global ID of the balance whose past is shown; null for none. */
  readonly balance: string | null;
}

export const tabs = ['overview', 'balances', 'accounts', 'transactions'] as const;
export type Tab = (typeof tabs)[number];

export const buckets = ['DAY', 'WEEK', 'MONTH'] as const;
export type Bucket = (typeof buckets)[number];

const optional = [
  'account',
  'ledger',
  'currency',
  'type',
  'status',
  'direction',
  'from',
  'to',
  'balance',
] as const;

/** Parses a view from a URL's query; ignores invalid values. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const given = Object.fromEntries(optional.map((name) => [name, params.get(name) || null])) as Record<
    (typeof optional)[number],
    string | null
  >;
  return {
    ...given,
    tab: tabs.find((tab) => tab === params.get('tab')) ?? 'overview',
    bucket: buckets.find((bucket) => bucket === params.get('bucket')) ?? 'DAY',
    convertTo: params.get('convertTo') || 'USD',
  };
}

/** Formats a view as a URL's query, without defaults. */
export function viewSearch(view: View): string {
  const params = new URLSearchParams();
  if (view.tab !== 'overview') params.set('tab', view.tab);
  for (const name of optional) if (view[name] !== null) params.set(name, view[name]);
  if (view.bucket !== 'DAY') params.set('bucket', view.bucket);
  if (view.convertTo !== 'USD') params.set('convertTo', view.convertTo);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export type ChangeView = (change: Partial<View>) => void;

/** The view of the current URL, and a function to change it; the browser's Back button undoes each change. */
export function useView(): readonly [View, ChangeView] {
  const [view, setView] = useState(() => parseView(location.search));
  useEffect(() => {
    const onPopState = () => setView(parseView(location.search));
    addEventListener('popstate', onPopState);
    return () => removeEventListener('popstate', onPopState);
  }, []);
  return [
    view,
    (change) => {
      const next = { ...view, ...change };
      history.pushState(null, '', `${location.pathname}${viewSearch(next)}`);
      setView(next);
    },
  ];
}
