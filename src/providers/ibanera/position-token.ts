import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';

/** How far one asset account's list has been read. */
export interface Position {
  readonly assetAccountId: string;
  readonly currency: string;
  /** Rows read so far: the index of the next one, when nothing was inserted meanwhile. */
  readonly rowIndex: number;
  /** Identifier of the row before; null at the start. */
  readonly lastId: string | null;
  readonly isDone: boolean;
  /** Rows of a page of this list. */
  readonly pageSize: number;
}

/** Rows of a page that are asked for where no reply has shown that Ibanera gives fewer. */
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

/** Positions as an opaque page token. */
export function encodePositions(positions: readonly Position[]): string {
  const rows = positions.map((position) => [
    ...[position.assetAccountId, position.currency, position.rowIndex, position.lastId],
    ...[position.isDone ? 1 : 0, position.pageSize],
  ]);
  return Buffer.from(JSON.stringify(rows), 'utf8').toString('base64url');
}

/** The positions in a page token; CURSOR_INVALID for a text this gateway cannot have made. */
export function decodePositions(pageToken: string): readonly Position[] {
  try {
    const rows = wirePositions.parse(JSON.parse(Buffer.from(pageToken, 'base64url').toString('utf8')));
    return rows.map(([assetAccountId, currency, rowIndex, lastId, done, pageSize]) => ({
      ...{ assetAccountId, currency, rowIndex, lastId, pageSize },
      isDone: done === 1,
    }));
  } catch {
    throw placeLost();
  }
}

/** The row a cursor stands behind is not where the list could have moved it. */
export function placeLost(): Failure {
  return new Failure(
    'CURSOR_INVALID',
    'The place this cursor stands for is not in Ibanera’s list any more. Start again without a cursor.',
    { provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  );
}
