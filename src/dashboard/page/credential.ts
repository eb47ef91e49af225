/** The viewer's key or token. It is kept in memory only, so a reload asks for it again. */
let credential: string | null = null;

const listeners = new Set<() => void>();

export function readCredential(): string | null {
  return credential;
}

/** Sets another key; listeners reload what they show. */
export function setCredential(text: string | null): void {
  credential = text;
  for (const listener of listeners) listener();
}

/** Calls `listener` after each change until the returned function is called. */
export function onCredential(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
