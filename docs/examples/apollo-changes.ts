import { gql, HttpLink, type TypedDocumentNode } from '@apollo/client';
import { createClient } from './apollo-client.ts';
import { type Changes, changesText, show } from './changes.ts';

const query: TypedDocumentNode<{ balancesChanged: Changes }, { filter: object }> = gql(changesText);
const client = createClient(new HttpLink({ uri: process.argv[2] ?? 'http://127.0.0.1:4000/graphql' }));
const variables = { filter: { ledgers: ['BANKING'], currencies: ['USD'] } };

function watch(): void {
  client.subscribe({ query, variables }).subscribe({
    next({ data, error }) {
      if (data) show(data.balancesChanged);
      if (error) console.log(error.message);
    },
    // The gateway was restarted, the connection broke, or the token expired: the first event has what you missed.
    complete: () => setTimeout(watch, 1_000),
  });
}

watch();
