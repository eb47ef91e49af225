/** Counts the bytes that the gateway holds for callers. */
export interface ByteShares {
  readonly heldBytes: number;
  /** Whether a caller may hold this many more bytes: afterwards, at least as much must be left as the caller holds. */
  hasRoom(callerKey: string, byteCount: number): boolean;
  /** Counts bytes, whether or not there is room, until the returned function is called. Call it once. */
  hold(callerKey: string, byteCount: number): () => void;
}

/**
 * Shares `bytesMax` between callers. No caller may hold more than is left for others, so a new caller always finds some
 * room. A caller that is alone gets half of it.
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
