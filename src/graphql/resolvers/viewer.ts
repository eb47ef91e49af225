import { grantText } from '../../domain/caller.ts';
import type { ViewerResolvers } from '../../generated/resolvers.ts';

/** Who is asking, as they may know it. */
export const Viewer: ViewerResolvers = { accounts: ({ grants }) => grants.map(grantText) };
