import { grantText } from '../../domain/caller.ts';
import type { ViewerResolvers } from '../../generated/resolvers.ts';

/** The caller, as it may see itself. */
export const Viewer: ViewerResolvers = { accounts: ({ grants }) => grants.map(grantText) };
