import { graphql } from 'relay-runtime';

export const query = graphql`
  query accountTransactionsQuery($id: ID!, $filter: TransactionFilter) {
    account(id: $id) { ...accountTransactions_account @arguments(filter: $filter) }
  }
`;

export const fragment = graphql`
  fragment accountTransactions_account on Account
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
    filter: { type: "TransactionFilter" }
  )
  @refetchable(queryName: "accountTransactionsPageQuery") {
    name
    transactions(first: $first, after: $after, filter: $filter) @connection(key: "Account_transactions") {
      totalCount
      pageInfo { hasNextPage endCursor }
      sources { ledger state code }
      edges { node { id createdAt type typeRaw status signedAmount { amount currency } } }
    }
  }
`;
