import { jsonAnswer, RefusedCall } from '../shared/answers.ts';
import { numericError } from './answers.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import { encodeAccountDetail, encodeAccountSummary } from './encode.ts';
import { pageAnswer, toSelection } from './page.ts';
import { type Refusal, readPageRequest, readWord } from './query.ts';
import type { AccountRecord, BusinessCode } from './records.ts';
import type { Route } from './route.ts';
import type { AccountHolding, Store } from './store.ts';

const refuse: Refusal = (message) => new RefusedCall(numericError(400, message));

const businessCodes: ReadonlySet<string> = new Set<BusinessCode>(['BANKING', 'ISSUING', 'ACQUIRING']);

/** The Account Center routes (reference section 3). */
export const accountRoutes: readonly Route[] = [
  {
    path: /^\/v1\/accounts$/,
    line: 'accounts',
    methods: {
      GET: {
        idempotencyKey: 'optional',
        answer: ({ store, query }) => {
          const { behaviour } = store;
          const range = { min: behaviour.accountsPageSizeMin, max: behaviour.accountsPageSizeMax };
          const page = readPageRequest(query, range, behaviour.pageSizeOutOfRange, refuse);
          const accounts = inListOrder(
            listedHoldings(store).map(({ record }) => record),
            behaviour,
          );
          return pageAnswer(toSelection(accounts), page, encodeAccountSummary, {
            behaviour,
            line: 'accounts',
            refuse,
          });
        },
      },
    },
  },
  {
    path: /^\/v1\/accounts\/([^/]+)$/,
    line: 'accounts',
    methods: {
      GET: {
        idempotencyKey: 'optional',
        answer: ({ store, query, pathWords: [accountId = ''] }) => {
          const businessCode = readWord(query, 'business_code', businessCodes, refuse) ?? 'BANKING';
          const holding = listedHoldings(store).find(({ record }) => record.account_id === accountId);
          // The parameter defaults to BANKING, so an account without that line needs it (section 3.2).
          const found = holding?.record.business_code.some((code) => code === businessCode) ?? false;
          if (holding === undefined || !found) throw refuse('account not found');
          return jsonAnswer(200, encodeAccountDetail(holding.record));
        },
      },
    },
  },
];

/** Sorts `accounts`, which come in the order in which they were opened. */
function inListOrder(accounts: AccountRecord[], { accountOrder }: UqpayBehaviour): AccountRecord[] {
  if (accountOrder === 'newest-first') return accounts.reverse();
  if (accountOrder === 'oldest-first') return accounts;
  return accounts.sort((a, b) => (a.account_name < b.account_name ? -1 : 1));
}

function listedHoldings(store: Store): AccountHolding[] {
  const holdings = store.holdings();
  if (store.behaviour.masterListed) return holdings;
  return holdings.filter(({ record }) => record.account_id !== store.masterAccountId);
}
