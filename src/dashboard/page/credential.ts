/** The viewer's key or token. It is kept in memory only, so a reload asks for it again. */
let credential: string | null = null;

const changes = new EventTarget();

export function readCredential(): string | null {
  return credential;
}

/** The header that carries the credential; none without one. */
export function credentialHeaders(): Readonly<Record<string, string>> {
  return credential === null ? {} : { authorization: `Bearer ${credential}` };
}

/** Sets another key; listeners reload what they show. */
export function setCredential(text: string | null): void {
  credential = text;
  changes.dispatchEvent(new Event('set'));
}

/** Calls `listener` after each change until the returned function is called. */
export function onCredential(listener: () => void): () => void {
  return listen('set', listener);
}

/** Tells listeners why the gateway asks for a key, or for another one: tokens expire while a page is open. */
export function refuseCredential(message: string): void {
  changes.dispatchEvent(new CustomEvent('refused', { detail: message }));
}

/** Calls `listener` with the gateway's message after each refusal until the returned function is called. */
export function onRefusal(listener: (message: string) => void): () => void {
  return listen('refused', (event) => listener(String((event as CustomEvent).detail)));
}

function listen(name: string, listener: (event: Event) => void): () => void {
  changes.addEventListener(name, listener);
  return () => changes.removeEventListener(name, listener);
}
