import { type GlobalId, isPlainText } from '../../domain/global-id.ts';
import { providerCodes } from '../../domain/vocabulary.ts';
import { parseIdOf } from '../ids.ts';
import { type Planning, unlessRefused } from '../plan/planning.ts';

const types: readonly unknown[] = ['Account', 'Balance', 'Transaction', 'Provider'];

/** Whether a representation names a type that can be looked up. */
export function isRepresentation(representation: unknown): boolean {
  return (
    typeof representation === 'object' &&
    representation !== null &&
    types.includes(Reflect.get(representation, '__typename'))
  );
}

/** The id that a router's representation stands for; null when looking it up costs nothing. */
export function representedId(
  representation: unknown,
  planning: Pick<Planning, 'onRefused'>,
): GlobalId | null {
  if (typeof representation !== 'object' || representation === null) return null;
  const textOf = (name: string): string | null => {
    const value: unknown = Reflect.get(representation, name);
    return typeof value === 'string' ? value : null;
  };
  const type = textOf('__typename');
  if (type !== 'Account' && type !== 'Balance' && type !== 'Transaction') return null;
  const id = textOf('id');
  if (id !== null) return unlessRefused(planning, () => parseIdOf(type, 'id', id));
  const provider = providerCodes.find((code) => code === textOf('providerCode'));
  const providerAccountId = textOf('providerAccountId');
  if (type !== 'Account' || provider === undefined || !isPlainText(providerAccountId)) return null;
  return { type, account: { provider, providerAccountId } };
}
