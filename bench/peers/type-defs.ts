/** The part of schema.graphql that a peer needs to accept the workloads' queries unchanged. */
export const typeDefs = `
  type Query {
    balance(ledger: Ledger!, currency: String!, accountId: ID): Balance
    accounts(first: Int!, after: String, filter: AccountFilter): AccountConnection!
    transactions(first: Int!, after: String, filter: TransactionFilter): TransactionConnection!
  }

  enum Ledger { BANKING PAYMENT }
  enum AccountStatus { ACTIVE CLOSED }
  input AccountFilter { statuses: [AccountStatus!] }
  input BalanceFilter { ledgers: [Ledger!] }
  input TransactionFilter { ledgers: [Ledger!], accountIds: [ID!] }

  type Money { amount: String!, currency: String! }
  type Balance { currency: String!, available: Money! }
  type BalanceConnection { nodes: [Balance!]! }

  type Account {
    providerAccountId: String!
    name: String
    balances(filter: BalanceFilter): BalanceConnection!
    transactions(first: Int!, after: String, filter: TransactionFilter): TransactionConnection!
  }
  type AccountConnection { nodes: [Account!]!, pageInfo: PageInfo! }

  type Transaction {
    providerTransactionId: String!
    createdAt: String!
    type: String!
    status: String!
    amount: Money!
    balance: Balance
  }
  type PageInfo { hasNextPage: Boolean!, endCursor: String }
  type TransactionConnection { nodes: [Transaction!]!, pageInfo: PageInfo! }
`;
