import type { TestGateway } from '../integration/gateway.fixture.ts';

/** Violet Hour Events of the demo data: banking and issuing, 90 rows in euros. */
export const busyAccountId = 'afb09c64-76e6-4e4e-ab94-ee7a06464ffe';

/** The card transactions of the master account in one currency, as the sandbox has them now. */
export function cardsIn({ sandbox: { control, masterAccountId } }: TestGateway, wanted: string) {
  return control.transactions('issuing', masterAccountId).filter(({ currency }) => currency === wanted);
}

/** How many transactions in euros that account has in one ledger. */
export function eurosOf({ sandbox: { control } }: TestGateway, line: 'banking' | 'issuing'): number {
  return control.transactions(line, busyAccountId).filter(({ currency }) => currency === 'EUR').length;
}

/** Paths of the calls that UQPAY received since the last reset, except for tokens. */
export function dataCalls({ sandbox: { control } }: TestGateway): string[] {
  return control
    .calls()
    .map(({ path }) => path)
    .filter((path) => !path.endsWith('/token'));
}
