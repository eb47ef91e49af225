import { useEffect, useRef, useState } from 'preact/hooks';
import { groupDigits, moneyText } from './amounts.ts';
import { html } from './html.ts';
import type { TransactionRow } from './queries.ts';
import { exactInstantText } from './times.ts';
import { amountText, typeText } from './transaction-cells.ts';
import { inWords } from './words.ts';

/** Shows everything known about one transaction, with the provider's own words, and identifiers to copy. */
export function TransactionDetail(props: { readonly row: TransactionRow; readonly onClose: () => void }) {
  const { row, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const lines: readonly (readonly [string, string | null])[] = [
    ['Status', `${inWords(row.status)} (${row.statusRaw})`],
    ['Type', row.typeRaw === '' ? 'Not reported' : `${typeText(row)} (${row.typeRaw})`],
    ['Direction', row.direction === 'UNSPECIFIED' ? 'Not reported' : inWords(row.direction)],
    ['Amount as reported', row.amount === null ? 'Not reported' : moneyText(row.amount)],
    ['Balance after it', row.endingBalance === null ? null : moneyText(row.endingBalance)],
    ['Fee', row.fee === null ? null : moneyText(row.fee)],
    ['Other side', row.counterAmount === null ? null : moneyText(row.counterAmount)],
    ['Exchange rate', row.exchangeRate === null ? null : groupDigits(row.exchangeRate)],
    ['Created', exactInstantText(row.createdAt)],
    ['Completed', row.completedAt === null ? null : exactInstantText(row.completedAt)],
    ['Ledger', `${row.provider.name} ${row.ledger.toLowerCase()}`],
    ['Channel', row.channel],
    ['Network', row.network],
    ['Description', row.description],
  ];
  const identifiers: readonly (readonly [string, string | null])[] = [
    ['Provider\u2019s identifier', row.providerTransactionId],
    ['Short identifier', row.shortId],
    ['Reference', row.referenceId],
    ['Global ID', row.id],
  ];
  return html`<dialog ref=${dialog} class="detail" aria-labelledby="detail-title" onClose=${onClose}>
    <form method="dialog" class="detail-head">
      <h3 id="detail-title">${typeText(row)} <span class="digits">${amountText(row)}</span></h3>
      <button>Close</button>
    </form>
    <dl>
      ${lines.map(
        ([name, text]) => text !== null && html`<div key=${name}><dt>${name}</dt><dd>${text}</dd></div>`,
      )}
      ${identifiers.map(
        ([name, text]) =>
          text !== null &&
          html`<div key=${name}><dt>${name}</dt><dd class="identifier">
            <code>${text}</code>
            <${CopyButton} name=${name} text=${text} />
          </dd></div>`,
      )}
    </dl>
  </dialog>`;
}

/** Copies a text. Browsers allow this only on pages loaded over TLS or from this machine. */
function CopyButton({ name, text }: { readonly name: string; readonly text: string }) {
  const [isCopied, setIsCopied] = useState(false);
  if (!isSecureContext) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return html`<button type="button" aria-label="Copy ${name}" onClick=${copy}>Copy</button>
    <span role="status">${isCopied ? 'Copied' : ''}</span>`;
}
