/** Bounds on the resources that a caller can occupy. */
export interface ServerLimits {
  /** Longest request body; a longer one gets 413. */
  readonly bodyBytesMax: number;
  /** Time for a request's headers to arrive; a slower one gets 408. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request to arrive, including its body; a slower one gets 408. */
  readonly requestTimeoutMs: number;
  /** Time to send an answer once it is ready; a caller that reads more slowly is disconnected. */
  readonly answerTimeoutMs: number;
  /** Pipelined requests that may wait behind one in progress, for all connections together. */
  readonly sentAheadMax: number;
  /** How often these times are checked. */
  readonly timeoutCheckMs: number;
  /** How long an idle connection is kept for its next request. */
  readonly keepAliveTimeoutMs: number;
  /** Time without a byte in either direction, including the wait for an answer, after which a connection is closed. */
  readonly silenceTimeoutMs: number;
  /** How long new connections are still accepted after `close`, if they keep coming. */
  readonly arrivalsTimeoutMs: number;
  /** How often an idle stream sends a heartbeat. */
  readonly heartbeatMs: number;
  /** Time for running requests to finish after `close`, once `shutdownDelayMs` is over. */
  readonly drainTimeoutMs: number;
}

/** The bounds unless set otherwise. */
export const serverLimits: ServerLimits = {
  bodyBytesMax: 1_048_576,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  answerTimeoutMs: 30_000,
  sentAheadMax: 250,
  timeoutCheckMs: 2_000,
  // Longer than the 60 s of common load balancers: the side that reuses a connection must give up on it first.
  keepAliveTimeoutMs: 65_000,
  // Longer than the longest REQUEST_TIMEOUT_MS: disconnects callers who do not read their answer, not those who wait
  // for it.
  silenceTimeoutMs: 150_000,
  arrivalsTimeoutMs: 10_000,
  // Shorter than the shortest common idle timeout, the 60 s of nginx, and than the wait of Apollo's own clients.
  heartbeatMs: 10_000,
  drainTimeoutMs: 15_000,
};
