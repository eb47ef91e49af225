import type { IbaneraBehaviour } from '../../src/sandbox/ibanera/index.ts';
import type { NoahBehaviour } from '../../src/sandbox/noah/index.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { startIbaneraAdapter } from '../integration/ibanera-adapter.fixture.ts';
import { startNoahAdapter } from '../integration/noah-adapter.fixture.ts';
import { startAdapter } from '../integration/uqpay-adapter.fixture.ts';
import type { ListBehaviour, ListSubject } from './list-cases.ts';

/** A behaviour as settings of a sandbox; a missing one is a behaviour that the provider's lists cannot have. */
type Switches<Behaviour> = Partial<Record<ListBehaviour, Partial<Behaviour>>>;

const uqpay: Switches<UqpayBehaviour> = {
  none: {},
  'counts of the page': { totalItems: 'of-page' },
  'no counts': { totalPages: 'absent' },
  'smaller pages than asked for': { pageSizeCap: 20 },
  'the first page for every page': { pageNumber: 'ignored' },
  'an empty page before the last': { emptyPageNumber: 2 },
  'pages cut from different orders': { pageOrder: 'drawn-for-each-page' },
  'the last page again past the end': { pageBeyondEnd: 'last-page' },
  'the documented sample for every page': { staticSamples: true },
};

const ibanera: Switches<IbaneraBehaviour> = {
  none: {},
  'counts of the page': { numberOfPages: 'one' },
  'no counts': { numberOfPages: false },
  'smaller pages than asked for': { pageSizeMax: 10, pageSizeEcho: 'asked' },
  'the first page for every page': { pageNumber: 'ignored', pageNumberEcho: 'asked' },
  'an empty page before the last': { emptyPageNumber: 2 },
  'pages cut from different orders': { pageOrder: 'drawn-for-each-page' },
  'the last page again past the end': {
    ...{ pageBeyondEnd: 'last-page', pageNumberEcho: 'asked', numberOfPages: false },
  },
  'the documented sample for every page': { staticSamples: true },
};

const noah: Switches<NoahBehaviour> = {
  none: {},
  'smaller pages than asked for': { pageSizeMax: 20, pageSizeTooLarge: 'clamped' },
  'the first page for every page': { pageTokens: 'lead-back' },
  'an empty page before the last': { emptyPages: true },
  'empty pages without end': { pageTokens: 'lead-to-empty-pages' },
  'pages cut from different orders': { pageOrder: 'drawn-for-each-page', pageTokenPosition: 'offset' },
  'the documented sample for every page': { staticSamples: true },
};

/** Turns a behaviour on; false if there is no setting for it. */
function adopting<Behaviour>(
  switches: Switches<Behaviour>,
  set: (behaviour: Partial<Behaviour>) => void,
): ListSubject['adopt'] {
  return (name) => {
    const behaviour = switches[name];
    if (behaviour !== undefined) set(behaviour);
    return behaviour !== undefined;
  };
}

const currencyOf = (rowIndex: number) => `C${String(rowIndex).padStart(3, '0')}`;

export async function startUqpayLists(): Promise<ListSubject> {
  const { provider, control, sandbox, clock, dataCalls, close } = await startAdapter();
  return {
    provider,
    fill(list, rowCount) {
      for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1) {
        const create_time = new Date(clock.now() - rowIndex * 60_000).toISOString();
        if (list === 'accounts') control.addAccount();
        else if (list === 'balances')
          control.setBalance('banking', sandbox.masterAccountId, currencyOf(rowIndex));
        else control.insertTransaction('banking', { create_time });
      }
    },
    adopt: adopting(uqpay, (behaviour) => control.setBehaviour(behaviour)),
    dataCallCount: () => dataCalls().length,
    close,
  };
}

export async function startIbaneraLists(): Promise<ListSubject> {
  const behaviour = { balancesUnpaged: 'first-page' } as const;
  const { provider, control, clock, dataCalls, close } = await startIbaneraAdapter({ behaviour });
  return {
    provider,
    fill(list, rowCount) {
      if (list === 'balances') {
        for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1)
          control.addAccount({ asset: currencyOf(rowIndex) });
        return;
      }
      const { id: AccountsId } = control.addAccount({ asset: 'USD' });
      for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1) {
        const DateTime = new Date(clock.now() - rowIndex * 60_000).toISOString();
        control.insertTransaction({ AccountsId, DateTime });
      }
    },
    adopt: adopting(ibanera, (changes) => control.setBehaviour(changes)),
    dataCallCount: () => dataCalls().length,
    close,
  };
}

export async function startNoahLists(): Promise<ListSubject> {
  const { provider, control, clock, close } = await startNoahAdapter();
  return {
    provider,
    fill(list, rowCount) {
      for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1) {
        const Created = new Date(clock.now() - rowIndex * 60_000).toISOString();
        if (list === 'balances') control.setBalance(currencyOf(rowIndex));
        else control.insertTransaction({ Created });
      }
    },
    adopt: adopting(noah, (behaviour) => control.setBehaviour(behaviour)),
    dataCallCount: () => control.callCount(),
    close,
  };
}
