/** Bytes that callers make the gateway hold. */
export interface ByteShares {
  readonly heldBytes: number;
  /** Whether a caller may have so many more held: what all hold after it leaves at least as much as the caller has. */
  hasRoom(callerKey: string, byteCount: number): boolean;
  /** Counts bytes, room or not, until the function it gives is called, once. */
  hold(callerKey: string, byteCount: number): () => void;
}

/**
 * Shares `bytesMax` between callers: nobody may have more than is left for others, so that whoever comes next always
 * finds some. One caller alone gets a half of it.
 */
export function createByteShares(bytesMax: number): ByteShares {
  const heldBy = new Map<string, number>();
  let heldBytes = 0;

  function change(callerKey: string, byteCount: number): void {
    heldBytes += byteCount;
    const own = (heldBy.get(callerKey) ?? 0) + byteCount;
    if (own === 0) heldBy.delete(callerKey);
    else heldBy.set(callerKey, own);
  }

  return {
    get heldBytes() {
      return heldBytes;
    },
    hasRoom: (callerKey, byteCount) =>
      (heldBy.get(callerKey) ?? 0) + byteCount <= bytesMax - heldBytes - byteCount,
    hold(callerKey, byteCount) {
      change(callerKey, byteCount);
      return () => change(callerKey, -byteCount);
    },
  };
}
