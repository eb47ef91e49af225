import { useEffect, useRef, useState } from 'preact/hooks';
import { readCredential } from './credential.ts';
import { download } from './download.ts';
import { Problem } from './graphql-client.ts';
import { html } from './html.ts';
import { problemWords } from './words.ts';

type Progress = { readonly kind: 'running' | 'done' | 'failed'; readonly text: string };

/** Links to download files of `/export`. Where the viewer gave a key, the page fetches them with it. */
export function DownloadLinks(props: {
  readonly names: readonly string[];
  readonly search: URLSearchParams;
}) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  function start(url: string, name: string): void {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    let byteCount = 0;
    const say = (kind: Progress['kind'], text: string) => {
      if (!controller.signal.aborted) setProgress({ kind, text });
    };
    const onBytes = (count: number) => {
      byteCount = count;
      say('running', `Reading ${name}: ${sizeText(count)} so far.`);
    };
    say('running', `Reading ${name} \u2026`);
    download(url, name, onBytes, controller.signal).then(
      () => say('done', `${name} is complete, ${sizeText(byteCount)}.`),
      (error: unknown) => say('failed', failureText(name, error)),
    );
  }

  return html`<div class="downloads">
    Download:
    ${props.names.map((name) => {
      const url = `export/${name}?${props.search}`;
      return html`<a key=${name} href=${url} download=${name} onClick=${(event: Event) => {
        if (readCredential() === null) return;
        event.preventDefault();
        start(url, name);
      }}>${linkTexts[name] ?? name}</a> `;
    })}
    <span role=${progress?.kind === 'failed' ? 'alert' : 'status'}>${progress?.text}</span>
    ${
      progress?.kind === 'running' &&
      html` <button type="button" onClick=${() => {
        running.current?.abort();
        setProgress(null);
      }}>Cancel</button>`
    }
  </div>`;
}

const linkTexts: Readonly<Record<string, string>> = {
  'transactions.csv': 'CSV',
  'transactions.ndjson': 'NDJSON',
};

function failureText(name: string, error: unknown): string {
  if (!(error instanceof Problem)) return `${name} could not be read.`;
  const [heading, detail] = problemWords(error);
  const again = error.retryAfterSeconds === null ? '' : `Try again in ${error.retryAfterSeconds} s.`;
  return [`${name} was not saved. ${heading}.`, detail, again].join(' ').trim();
}

function sizeText(byteCount: number): string {
  return byteCount < 1_000_000
    ? `${Math.ceil(byteCount / 1_000).toLocaleString()} kB`
    : `${(byteCount / 1_000_000).toFixed(1)} MB`;
}
