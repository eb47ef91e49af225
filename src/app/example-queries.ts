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
