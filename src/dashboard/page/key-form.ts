import { useEffect, useRef, useState } from 'preact/hooks';
import { readCredential, setCredential } from './credential.ts';
import { html } from './html.ts';

/** Asks for the viewer's key or token. It stays in the page's memory, so a reload asks again. */
export function KeyForm(props: { readonly message: string }) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return html`<form
    class="key-form panel"
    onSubmit=${(event: Event) => {
      event.preventDefault();
      setCredential(text.trim() === '' ? null : text.trim());
    }}
  >
    <h2>This gateway asks who you are</h2>
    <p role="alert" id="key-message">${readCredential() === null ? 'Enter the key or token that you were given.' : props.message}</p>
    <label>
      Your key or token
      <input
        ref=${input}
        type="password"
        autocomplete="off"
        aria-describedby="key-message"
        value=${text}
        onInput=${(event: Event) => setText((event.target as HTMLInputElement).value)}
      />
    </label>
    <button type="submit">Show balances</button>
    <p class="hint">It is kept in the memory of this page only, and sent only to this gateway.</p>
  </form>`;
}
