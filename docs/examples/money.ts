/** Adds amounts exactly, as integers of the smallest unit that any of them has. */
export function addDecimals(amounts: readonly string[]): string {
  const fractionDigits = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0));
  const units = amounts.reduce((sum, amount) => {
    const [whole = '0', fraction = ''] = amount.split('.');
    return sum + BigInt(whole + fraction.padEnd(fractionDigits, '0'));
  }, 0n);
  const digits = String(units < 0n ? -units : units).padStart(fractionDigits + 1, '0');
  const text =
    fractionDigits === 0 ? digits : `${digits.slice(0, -fractionDigits)}.${digits.slice(-fractionDigits)}`;
  return units < 0n ? `-${text}` : text;
}

/** The net amount of completed transactions in one currency; null if the direction of any of them is unknown. */
export function netOf(
  rows: readonly {
    readonly status: string;
    readonly signedAmount: { readonly amount: string } | null | undefined;
  }[],
): string | null {
  const completed = rows.filter(({ status }) => status === 'COMPLETED');
  const known = completed.flatMap(({ signedAmount }) => signedAmount?.amount ?? []);
  return known.length < completed.length ? null : addDecimals(known);
}

/** Formats an amount for display. `Intl` accepts decimal text, so every digit is kept. */
export function showMoney({ amount, currency }: { amount: string; currency: string }): string {
  const minimumFractionDigits = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits });
  return `${format.format(amount as Intl.StringNumericLiteral)} ${currency}`;
}
