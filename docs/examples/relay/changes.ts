import { graphql, requestSubscription } from 'relay-runtime';
import { show } from '../changes.ts';
import type { changesSubscription } from './__generated__/changesSubscription.graphql.ts';
import { createEnvironment } from './environment.ts';

const subscription = graphql`
  subscription changesSubscription($filter: BalanceFilter) {
    balancesChanged(filter: $filter) {
      trigger
      balances { id ledger available { amount currency } }
      sources { ledger state code }
    }
  }
`;
const environment = createEnvironment(process.argv[2] ?? 'http://127.0.0.1:4000/graphql');
const variables = { filter: { ledgers: ['BANKING'], currencies: ['USD'] } } as const;

function watch(): void {
  requestSubscription<changesSubscription>(environment, {
    ...{ subscription, variables },
    onNext: (data) => data && show(data.balancesChanged),
    onCompleted: () => setTimeout(watch, 1_000),
    onError({ message }) {
      console.log(message);
      setTimeout(watch, 1_000);
    },
  });
}

watch();
