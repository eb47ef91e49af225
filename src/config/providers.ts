import type * as z from 'zod';
import type { ProviderCode } from '../domain/vocabulary.ts';
import {
  type IbaneraSource,
  ibaneraSchema,
  ibaneraServes,
  ibaneraVariables,
  toEmbeddedIbanera,
  toIbaneraSource,
} from './ibanera-source.ts';
import { type NoahSource, noahSchema, noahVariables, toEmbeddedNoah, toNoahSource } from './noah-source.ts';
import type { ProviderSource, ProviderVariables } from './provider-variables.ts';
import {
  toEmbeddedUqpay,
  toUqpaySource,
  type UqpaySource,
  uqpaySchema,
  uqpayServes,
  uqpayVariables,
} from './uqpay-source.ts';

// Every provider that can be configured, in display order; no other file of this folder lists them.

export const providerSchemas = { ...uqpaySchema, ...ibaneraSchema, ...noahSchema };
type ProviderValues = z.infer<z.ZodObject<typeof providerSchemas>>;

export const providerVariables = [uqpayVariables, ibaneraVariables, noahVariables];

/** Sources by provider; null when it is not connected. Either all are embedded sandboxes or none is. */
export interface ProviderSources {
  readonly uqpay: UqpaySource | null;
  readonly ibanera: IbaneraSource | null;
  readonly noah: NoahSource | null;
}

/** The providers that have credentials; the embedded sandboxes of all when none has. */
export function toSources(values: ProviderValues, isRemote: boolean): ProviderSources {
  return isRemote
    ? { uqpay: toUqpaySource(values), ibanera: toIbaneraSource(values), noah: toNoahSource(values) }
    : { uqpay: toEmbeddedUqpay(values), ibanera: toEmbeddedIbanera(values), noah: toEmbeddedNoah(values) };
}

/** A connected provider. */
export interface ConnectedSource {
  readonly code: ProviderCode;
  /** Name for display. */
  readonly name: string;
  /** Token requests per minute that the provider states; null when it states no limit or has no tokens. */
  readonly tokenCallsPerMinute: number | null;
  readonly source: ProviderSource;
  /** What is read, for display: `banking, issuing, payment`. */
  readonly serves: string;
}

/** The connected providers. */
export function connectedSources({ uqpay, ibanera, noah }: ProviderSources): readonly ConnectedSource[] {
  return [
    ...connected(uqpayVariables, uqpay, uqpayServes),
    ...connected(ibaneraVariables, ibanera, ibaneraServes),
    ...connected(noahVariables, noah, () => 'current account'),
  ];
}

/** Whether all data is the invented data of embedded sandboxes. */
export function isInvented(sources: ProviderSources): boolean {
  return connectedSources(sources).every(({ source }) => source.mode === 'embedded');
}

function connected<Source extends ProviderSource>(
  { code, name, tokenCallsPerMinute }: ProviderVariables,
  source: Source | null,
  servesOf: (source: Source) => string,
): readonly ConnectedSource[] {
  return source === null ? [] : [{ code, name, tokenCallsPerMinute, source, serves: servesOf(source) }];
}
