import type { AccountRef } from '../../domain/model.ts';
import type { ProviderResolvers } from '../../generated/resolvers.ts';
import type { Provider as ConnectedProvider } from '../../ports/provider.ts';
import type { GatewayContext } from '../context.ts';
import { referencedProvider } from './references.ts';

/** Fields of a provider are its properties. */
export const Provider: ProviderResolvers = { __resolveReference: referencedProvider };

/** The provider that holds an account. */
export function providerOf({ provider: code }: AccountRef, { providers }: GatewayContext): ConnectedProvider {
  const provider = providers.get(code);
  if (provider === undefined) throw new Error(`A row of ${code} was read, but ${code} is not connected.`);
  return provider;
}
