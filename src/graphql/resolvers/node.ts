import type { NodeResolvers } from '../../generated/resolvers.ts';

/** Tells the objects apart that `node` may give. */
export const Node: NodeResolvers = {
  __resolveType(object) {
    if ('providerTransactionId' in object) return 'Transaction';
    return 'asOfMs' in object ? 'Balance' : 'Account';
  },
};
