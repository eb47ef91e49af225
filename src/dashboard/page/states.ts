import type { VNode } from 'preact';
import type { AnswerError, Problem } from './graphql-client.ts';
import { type Children, html } from './html.ts';
import type { Source } from './queries.ts';
import { ageText, exactInstantText } from './times.ts';
import type { Feed } from './use-feed.ts';
import type { QueryState } from './use-query.ts';
import { problemWords, sourceSentences } from './words.ts';

/** A titled part of the page, with a link to the query behind it. */
export function Panel(props: {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly variables: object;
  readonly aside?: Children;
  readonly children: Children;
}): VNode {
  const { id, title, query, variables, aside, children } = props;
  return html`<section class="panel" aria-labelledby="${id}-title">
    <header class="panel-head">
      <h2 id="${id}-title" tabindex="-1">${title}</h2>
      ${aside}
      <${QueryLink} title=${title} query=${query} variables=${variables} />
    </header>
    ${children}
  </section>`;
}

/** Shows when a panel's data was read, and whether changes are pushed. */
export function ReadNote(props: {
  readonly asOf: string;
  readonly now: number;
  readonly lookSeconds: number | null;
}): VNode {
  const { asOf, now, lookSeconds } = props;
  return html`<span class="age" title=${exactInstantText(asOf)}>Read ${ageText(asOf, now)}</span>
    ${
      lookSeconds !== null &&
      html`<span class="live" title="Changes appear as soon as they are read, every ${lookSeconds} s">Live</span>`
    }`;
}

const hasExplorer = document.documentElement.dataset.explorer === 'true';

function QueryLink(props: { readonly title: string; readonly query: string; readonly variables: object }) {
  if (!hasExplorer) return null;
  const search = new URLSearchParams({
    query: props.query,
    variables: JSON.stringify(props.variables, null, 2),
  });
  return html`<a
    class="query-link"
    href="explorer?${search}"
    target="_blank"
    rel="noopener"
    aria-label="Open the query behind ${props.title} in the explorer"
    >Query</a
  >`;
}

/** What a panel shows instead of data, or above data that is old or incomplete. */
export function StateNote<Data>(props: {
  readonly state: QueryState<Data>;
  readonly loading: string;
  readonly sources?: readonly Source[] | undefined;
  /** Names a source that is not a ledger. */
  readonly whole?: string;
}): VNode {
  const { answer, problem, isLoading } = props.state;
  if (answer === null && problem === null && isLoading) {
    return html`<p class="note loading" role="status">${props.loading}</p>`;
  }
  return html`<div aria-live="polite">
    ${problem !== null && html`<${ProblemNote} problem=${problem} hasEarlier=${answer !== null} />`}
    ${problem === null && html`<${MissingNote} sources=${props.sources ?? []} whole=${props.whole} errors=${answer?.errors ?? []} />`}
  </div>`;
}

/** What is wrong with a list, above what could be read of it. */
export function FeedNotes({ feed }: { readonly feed: Omit<Feed<unknown>, 'prepend'> }) {
  const { problem, rows, sources, errors, restart } = feed;
  return html`<div aria-live="polite">
    ${problem !== null && html`<${ProblemNote} problem=${problem} hasEarlier=${rows.length > 0} />`}
    <${MissingNote} sources=${sources} errors=${errors} onAgain=${restart} />
  </div>`;
}

export function ProblemNote(props: { readonly problem: Problem; readonly hasEarlier: boolean }) {
  const [heading, detail] = problemWords(props.problem);
  const { waitSeconds } = props.problem;
  return html`<div class="note problem" role="alert">
    <strong>${heading}.</strong> ${detail}
    ${waitSeconds !== null && ` Trying again in ${waitSeconds} s.`}${props.hasEarlier && ' The data shown is from an earlier answer.'}
  </div>`;
}

/** Says what is missing or old, and why: one sentence for each source, else the errors' messages. */
export function MissingNote(props: {
  readonly sources: readonly Source[];
  readonly errors: readonly AnswerError[];
  readonly whole?: string | undefined;
  /** Rereads what is missing, if that does not happen automatically. */
  readonly onAgain?: () => void;
}) {
  const sentences = [...new Set(sourceSentences(props.sources, props.whole ?? null))];
  const lines = sentences.length > 0 ? sentences : [...new Set(props.errors.map(({ message }) => message))];
  if (lines.length === 0) return null;
  return html`<div class="note missing" role="status">
    ${lines.length === 1 ? lines[0] : html`<ul>${lines.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`}
    ${props.onAgain !== undefined && html` <button type="button" onClick=${props.onAgain}>Read again</button>`}
  </div>`;
}

export function EmptyNote(props: { readonly children: Children }) {
  return html`<p class="note empty">${props.children}</p>`;
}
