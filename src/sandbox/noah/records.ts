/** A balance (reference section 3); amounts are texts of the grammar PositiveDecimal. */
export interface BalanceRecord {
  readonly AccountType: string;
  readonly CryptoCurrency: string;
  readonly Available: string;
  readonly Total: string;
}

/** A transaction (reference section 4); members that are absent are not sent. */
export interface TransactionRecord {
  readonly ID: string;
  readonly Network: string;
  /** RFC 3339. */
  readonly Created: string;
  readonly Status: string;
  readonly Direction: string;
  readonly CryptoCurrency: string;
  readonly PublicID?: string;
  readonly CustomerID?: string;
  readonly ExternalID?: string;
  readonly Amount?: string;
  readonly NetworkFee?: string;
  readonly FiatPayment?: Readonly<Record<string, string>>;
  readonly Orchestration?: Readonly<Record<string, string>>;
  readonly AdjustmentFor?: Readonly<Record<string, string>>;
}

const positiveDecimal = /^[+]?([.]\d+|\d+[.]?\d*)$/;

/** Whether the text is a PositiveDecimal: 1 to 38 characters, no sign but plus, no exponent. */
export function isPositiveDecimal(text: string): boolean {
  return text.length <= 38 && positiveDecimal.test(text);
}
