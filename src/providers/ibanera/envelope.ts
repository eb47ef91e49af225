import * as z from 'zod';
import type { FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { parseBody } from '../shared/parse-body.ts';
import { parseShape } from '../shared/parse-shape.ts';
import { wireRequiredText, wireText } from '../shared/wire-values.ts';

const text = wireText.catch(null);
/** A page field: null if it is absent or not a count, because no source promises it (reference section 3). */
const pageField = text.transform((digits) => (/^\d{1,9}$/.test(digits ?? '') ? Number(digits) : null));

const wireEnvelope = z.object({
  status: wireRequiredText,
  details: z
    .unknown()
    .optional()
    .transform((value): unknown => value ?? null),
  errors: z
    .array(z.object({ fieldName: text, messageCode: text }))
    .nullish()
    .catch(null),
  pageSize: pageField,
  pageNumber: pageField,
  numberOfPages: pageField,
});

/** The page fields of a list; null if the reply does not have them. */
export interface EnvelopePage {
  readonly pageSize: number | null;
  /** From 1. */
  readonly pageNumber: number | null;
  readonly numberOfPages: number | null;
}

/** The envelope of every reply (reference section 3). */
export interface Envelope extends EnvelopePage {
  readonly isSuccess: boolean;
  readonly details: unknown;
  /** The provider's error texts; they decide what a refusal means, and are never shown. */
  readonly errors: readonly { readonly fieldName: string; readonly messageCode: string }[];
}

/** Parses the envelope of a reply, with numbers as text. Throws UPSTREAM_SHAPE if there is none. */
export function parseEnvelope(reply: HttpReply, name: string, details: FailureDetails): Envelope {
  const { status, errors, ...rest } = parseShape(
    wireEnvelope,
    parseBody(reply, { name, providerName: 'Ibanera' }, details),
    name,
    details,
  );
  return {
    ...rest,
    isSuccess: status === '1',
    errors: (errors ?? []).map(({ fieldName, messageCode }) => ({
      fieldName: fieldName ?? '',
      messageCode: messageCode ?? '',
    })),
  };
}

/** Like `parseEnvelope`, but null if there is no envelope: a refusal may have any body. */
export function findEnvelope(reply: HttpReply, name: string): Envelope | null {
  try {
    return parseEnvelope(reply, name, {});
  } catch {
    return null;
  }
}
