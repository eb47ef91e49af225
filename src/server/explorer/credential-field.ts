/** Runs in the page. GraphiQL looks up `fetch` for each request, including the one for the schema. */
const script = `(() => {
  const form = document.getElementById('credential-form');
  const field = form.elements.credential;
  const endpoint = new URL(form.dataset.endpoint, location.href).href;
  const send = window.fetch.bind(window);
  let credential = '';
  window.fetch = (resource, options = {}) => {
    const headers = new Headers(options.headers);
    const isOurs = new URL(String(resource), location.href).href === endpoint;
    if (!isOurs || credential === '' || headers.has('authorization')) return send(resource, options);
    headers.set('authorization', 'Bearer ' + credential);
    return send(resource, { ...options, headers });
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    credential = field.value.trim();
    field.value = '';
    field.placeholder = credential === '' ? 'Key or token' : 'Kept until you reload';
    document.querySelector('[aria-label^="Re-fetch GraphQL schema"]')?.click();
  });
})();`;

const style = 'position:fixed;right:250px;bottom:4px;z-index:11;font:12px sans-serif';

/**
 * Renders a field for the key or token that callers need, as HTML. The page keeps it in memory only, sends it with
 * every operation and loads the schema with it. An `authorization` header in GraphiQL's own editor overrides it.
 */
export function credentialField(endpoint: string, escapeHtml: (text: string) => string): string {
  return `<form id="credential-form" data-endpoint="${escapeHtml(endpoint)}" style="${style}">
<label>Credential <input name="credential" type="password" autocomplete="off" placeholder="Key or token"></label>
<button>Use</button></form>
<script>${script}</script>`;
}
