import { showMoney } from './money.ts';
import { type Source, troubleOf } from './sources.ts';

/** One event of `changesText`. */
export interface Changes {
  readonly trigger: string;
  readonly balances: readonly {
    readonly ledger: string;
    readonly available: { readonly amount: string; readonly currency: string } | null | undefined;
  }[];
  readonly sources: readonly Source[];
}

export const changesText = `
  subscription Changes($filter: BalanceFilter) {
    balancesChanged(filter: $filter) {
      trigger
      balances { id ledger available { amount currency } }
      sources { ledger state code }
    }
  }
`;

/** Prints an event's balances: all of them in the first event, then those that changed. */
export function show({ trigger, balances, sources }: Changes): void {
  for (const { ledger, available } of balances) {
    console.log(trigger, ledger, available ? showMoney(available) : 'not reported');
  }
  for (const sentence of troubleOf(sources)) console.log(sentence);
}
