import { Activity } from '../shared/activity.ts';
import { addDecimals, negated } from '../shared/decimal-sum.ts';
import { createWords, type RandomWords } from '../shared/random.ts';
import type { Timer } from '../shared/timer.ts';
import type { IbaneraControl } from './control.ts';

/** The asset whose accounts change by themselves. */
const asset = 'USD';

/** Time between two changes. */
const pauseMs = [8_000, 25_000] as const;

/** Changes of the dollar accounts, which follow each other while it is on. */
export function createActivity(control: IbaneraControl, timer: Timer): Activity {
  const random = createWords(0xac712);
  return new Activity({ timer, random, pauseMs, change: createChanges(control, random) });
}

/**
 * One change at each call: a row and the balance that it moves. A deposit is pending first; the
 * total includes it from then on, and the available balance once it is completed (reference section 4).
 */
function createChanges(control: IbaneraControl, random: RandomWords): () => void {
  let openDeposit: { readonly id: number; readonly accountId: number; readonly amount: string } | null = null;

  const accountsThatMove = () =>
    control.accounts().filter((account) => account.asset === asset && !account.bSuppressed);
  const amount = () => `${random.integer(20, 3000)}.${String(random.integer(0, 99)).padStart(2, '0')}`;

  function complete({ id, accountId, amount }: NonNullable<typeof openDeposit>): void {
    openDeposit = null;
    const account = control.accounts().find((other) => other.id === accountId);
    if (account === undefined) return;
    control.changeTransaction(id, { bPending: false, bCompleted: true });
    control.changeAccount(accountId, {
      availableBalance: addDecimals(account.availableBalance, amount),
      pendingBalance: addDecimals(account.pendingBalance, negated(amount)),
    });
  }

  function receive(): void {
    const [first, ...others] = accountsThatMove();
    if (first === undefined) return;
    const account = random.pick([first, ...others]);
    const received = amount();
    control.changeAccount(account.id, {
      totalBalance: addDecimals(account.totalBalance, received),
      pendingBalance: addDecimals(account.pendingBalance, received),
    });
    const status = { bPending: true, bCompleted: false };
    const { Id } = control.insertTransaction({ AccountsId: account.id, Amount: received, ...status });
    openDeposit = { id: Id, accountId: account.id, amount: received };
  }

  function pay(): void {
    const paid = negated(amount());
    const account = accountsThatMove().find(
      ({ availableBalance }) => !addDecimals(availableBalance, paid).startsWith('-'),
    );
    if (account === undefined) return;
    control.changeAccount(account.id, {
      totalBalance: addDecimals(account.totalBalance, paid),
      availableBalance: addDecimals(account.availableBalance, paid),
    });
    control.insertTransaction({ AccountsId: account.id, Amount: paid, Description: 'Outgoing transfer' });
  }

  return () => {
    if (openDeposit !== null) complete(openDeposit);
    else if (random.chance(0.5)) receive();
    else pay();
  };
}
