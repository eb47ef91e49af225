/** The events of one subscription. */
export interface EventStream {
  /**
   * The next event as JSON text; null after the last one. A reader that pauses gets the newest state next, not all
   * states in between. Call it again only after it has resolved.
   */
  next(): Promise<string | null>;
  /** Frees everything that the subscription holds; later calls do nothing. */
  end(): void;
}

/** Where the events of one subscription are sent. Holds nothing until it has been started. */
export interface EventSink {
  /** Calls `onGone` as soon as the recipient has gone. Nothing may be sent after that. */
  start(onGone: () => void): Promise<void>;
  /** Sends an event, given as JSON text. Resolves when the recipient has taken it. */
  send(event: string): Promise<void>;
  /** Called every second: sends a heartbeat if one is due. Absent from sinks that keep time themselves. */
  keepAlive?(nowMs: number): void;
  /** Tells the recipient that there are no more events; `errors`, as JSON text, if they ended for an error. */
  end(errors: string | null): Promise<void>;
}

/** A slot among the open subscriptions, reserved before anything is read for it. */
export interface StreamSlot {
  /** Passes the events to the sender. */
  begin(events: EventStream): void;
  /** Frees the slot: there will be no events. */
  release(): void;
}

/**
 * Reserves a slot for the caller. Rejects with `Failure` RATE_LIMITED or OVERLOADED if there is none, and FORBIDDEN or
 * BAD_USER_INPUT if the events cannot be sent to where the caller wants them.
 */
export type ReserveStream = () => Promise<StreamSlot>;
