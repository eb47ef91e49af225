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
}

const text = z.string().min(1).max(64);
const wirePositions = z
  .array(z.tuple([text, text, z.int().min(0), text.nullable(), z.literal([0, 1])]))
  .max(1_000);

/** Positions as an opaque page token. */
export function encodePositions(positions: readonly Position[]): string {
  const rows = positions.map((position) => [
    ...[position.assetAccountId, position.currency, position.rowIndex, position.lastId],
    position.isDone ? 1 : 0,
  ]);
  return Buffer.from(JSON.stringify(rows), 'utf8').toString('base64url');
}

/** The positions in a page token; CURSOR_INVALID for a text this gateway cannot have made. */
export function decodePositions(pageToken: string): readonly Position[] {
  try {
    const rows = wirePositions.parse(JSON.parse(Buffer.from(pageToken, 'base64url').toString('utf8')));
    return rows.map(([assetAccountId, currency, rowIndex, lastId, done]) => ({
      ...{ assetAccountId, currency, rowIndex, lastId },
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
