/** One line, for a shell: balances of the master account. */
export const shellQuery = '{ balances(first: 3) { nodes { ledger available { amount currency } asOf } } }';

/** For an explorer: accounts, their balances in USD and EUR in every ledger, and their newest transactions. */
export const pasteQuery = `query FirstLook {
  accounts(first: 2, filter: { statuses: [ACTIVE] }) {
    totalCount
    nodes {
      name
      country
      balances(filter: { currencies: ["USD", "EUR"] }) {
        nodes { ledger available { amount currency } asOf }
      }
      transactions(first: 2) {
        nodes { createdAt ledger type status amount { amount currency } }
      }
    }
  }
}`;

/** Balances of the master accounts by provider and ledger, and the state of each source. */
export const balancesQuery = `query Balances {
  balances(first: 100) {
    totalCount
    asOf
    nodes { provider { name } ledger currency available { amount } total { amount } status }
    sources { provider ledger state }
  }
}`;

/** What the master accounts hold in one currency, and how each sum was converted. */
export const totalsQuery = `query Totals($currency: CurrencyCode = "SGD") {
  balanceTotals(convertTo: $currency) {
    byCurrency { currency available { amount } availableOfRead { amount } balanceCount }
    converted {
      available { amount currency }
      availableOfLines { amount currency }
      lines { from { amount currency } to { amount } rate via rates { base quote buy sell } }
      unconverted { amount currency }
      ratesUpdatedAt
    }
    complete
    sources { provider ledger state }
  }
}`;

/** The newest transactions of all providers and ledgers, with the cursor for the next page. */
export const transactionsQuery = `query Transactions($after: String) {
  transactions(first: 10, after: $after) {
    totalCount
    nodes { createdAt provider { name } ledger type status direction amount { amount currency } description }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** The caller, what it may read, and the connected providers. */
export const accountQuery = `query Viewer {
  viewer { subject scopes accounts }
  providers { code name environment ledgers }
}`;
