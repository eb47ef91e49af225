import { useState } from 'preact/hooks';
import { readCredential } from './credential.ts';
import { html } from './html.ts';

/** Links to download a list as CSV or NDJSON. If a key is needed, the page fetches the file with it. */
export function DownloadLinks(props: { readonly name: string; readonly search: URLSearchParams }) {
  const { name, search } = props;
  const [problem, setProblem] = useState<string | null>(null);
  return html`<p class="downloads">
    Download:
    ${['csv', 'ndjson'].map((format) => {
      const url = `export/${name}.${format}?${search}`;
      return html`<a key=${format} href=${url} download onClick=${(event: Event) => {
        const credential = readCredential();
        if (credential === null) return;
        event.preventDefault();
        fetchFile(url, `${name}.${format}`, credential).then(setProblem, () =>
          setProblem('The download failed.'),
        );
      }}>${format.toUpperCase()}</a> `;
    })}
    ${problem !== null && html`<span role="alert">${problem}</span>`}
  </p>`;
}

/** Returns null when the viewer has the file, else why not. */
async function fetchFile(url: string, fileName: string, credential: string): Promise<string | null> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${credential}` } });
  if (!response.ok) return `The download failed with HTTP ${response.status}.`;
  const objectUrl = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = objectUrl;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(objectUrl);
  return null;
}
