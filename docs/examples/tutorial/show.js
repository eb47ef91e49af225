/** An amount with all its digits: Intl accepts the text. A null amount was not reported; it is not zero. */
export function money(value) {
  if (value === null) return 'not known';
  const minimumFractionDigits = value.amount.split('.')[1]?.length ?? 0;
  return `${new Intl.NumberFormat(undefined, { minimumFractionDigits }).format(value.amount)} ${value.currency}`;
}

/** A row of a table. With `textContent`, a provider's text is never parsed as HTML. */
export function row(...cells) {
  const tr = document.createElement('tr');
  for (const text of cells) tr.append(Object.assign(document.createElement('td'), { textContent: text }));
  return tr;
}

/** Says what went wrong, and which sources are missing or old. */
export function showTrouble(id, errors, sources = []) {
  const lines = [
    ...errors.map(({ message }) => message),
    ...sources
      .filter(({ state }) => state !== 'OK')
      .map(({ provider, ledger, state }) => `${provider} ${ledger ?? 'accounts'} is ${state}.`),
  ];
  const paragraphs = lines.map((line) => Object.assign(document.createElement('p'), { textContent: line }));
  document.getElementById(id).replaceChildren(...paragraphs);
}
