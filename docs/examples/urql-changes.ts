import { gql, type TypedDocumentNode } from '@urql/core';
import { type Changes, changesText, show } from './changes.ts';
import { introspect } from './client-schema.ts';
import { createClient } from './urql.ts';

const query: TypedDocumentNode<{ balancesChanged: Changes }, { filter: object }> = gql(changesText);
const url = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
const client = createClient(url, await introspect(url));
const variables = { filter: { ledgers: ['BANKING'], currencies: ['USD'] } };

function watch(): void {
  client
    .subscription(query, variables, { fetchSubscriptions: true })
    .subscribe(({ data, error, hasNext }) => {
      if (error) console.log(error.message);
      // When the stream ends, urql repeats the last event, with `hasNext: false`.
      if (!hasNext) setTimeout(watch, 1_000);
      else if (data) show(data.balancesChanged);
    });
}

watch();
