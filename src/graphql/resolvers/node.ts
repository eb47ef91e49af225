import type { NodeResolvers } from '../../generated/resolvers.ts';

/** Determines the type of the objects that `node` returns. */
export const Node: NodeResolvers = {
  __resolveType(object) {
    if ('providerTransactionId' in object) return 'Transaction';
    return 'asOfMs' in object ? 'Balance' : 'Account';
  },
};
