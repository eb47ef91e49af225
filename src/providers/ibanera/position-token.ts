import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';

/** How far one asset account's list has been read. */
export interface Position {
  readonly assetAccountId: string;
  readonly currency: string;
  /** Rows read so far: the index of the next one, if nothing was inserted meanwhile. */
  readonly rowIndex: number;
  /** Id of the row before; null at the start. */
  readonly lastId: string | null;
  readonly isDone: boolean;
  /** Rows per page of this list. */
  readonly pageSize: number;
}

/** Rows requested per page, unless a reply has shown that Ibanera returns fewer. */
export const upstreamPageSize = 50;

const text = z.string().min(1).max(64);
const wirePositions = z
  .array(
    z.tuple([
      text,
      text,
      z.int().min(0),
      text.nullable(),
      z.literal([0, 1]),
      z.int().min(1).max(upstreamPageSize),
    ]),
  )
  .max(1_000);

/** Encodes positions as an opaque page token. */
export function encodePositions(positions: readonly Position[]): string {
  const rows = positions.map((position) => [
    ...[position.assetAccountId, position.currency, position.rowIndex, position.lastId],
    ...[position.isDone ? 1 : 0, position.pageSize],
  ]);
  return Buffer.from(JSON.stringify(rows), 'utf8').toString('base64url');
}

/** Decodes a page token. Throws CURSOR_INVALID for a text that this gateway cannot have issued. */
export function decodePositions(pageToken: string): readonly Position[] {
  try {
    const rows = wirePositions.parse(JSON.parse(Buffer.from(pageToken, 'base64url').toString('utf8')));
    return rows.map(([assetAccountId, currency, rowIndex, lastId, done, pageSize]) => ({
      ...{ assetAccountId, currency, rowIndex, lastId, pageSize },
      isDone: done === 1,
    }));
  } catch {
    throw positionLost();
  }
}

/** CURSOR_INVALID: the row before the cursor is not where the list could have moved it. */
export function positionLost(): Failure {
  return new Failure(
    'CURSOR_INVALID',
    'The position of this cursor is no longer in Ibanera’s list. Start again without a cursor.',
    { provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  );
}
