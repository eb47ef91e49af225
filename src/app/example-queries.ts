/** One line, for a shell: what the master account holds. */
export const shellQuery = '{ balances(first: 3) { nodes { ledger available { amount currency } asOf } } }';

/** To paste into an explorer: accounts, their dollars and euros in every ledger, their newest transactions. */
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

/** What the master accounts hold, provider by provider and ledger by ledger, and how each source fared. */
export const balancesQuery = `query Balances {
  balances(first: 100) {
    totalCount
    asOf
    nodes { provider { name } ledger currency available { amount } total { amount } status }
    sources { provider ledger state }
  }
}`;

/** The newest transactions over all providers and ledgers, with the cursor that goes on. */
export const transactionsQuery = `query Transactions($after: String) {
  transactions(first: 10, after: $after) {
    totalCount
    nodes { createdAt provider { name } ledger type status direction amount { amount currency } description }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Who is asking, what may be read, and which providers are connected. */
export const accountQuery = `query Viewer {
  viewer { subject scopes accounts }
  providers { code name environment ledgers }
}`;
