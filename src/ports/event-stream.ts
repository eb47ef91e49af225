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

/** A place among the open subscriptions, reserved before anything is read for it. */
export interface StreamPlace {
  /** Passes the events to the sender. */
  begin(events: EventStream): void;
  /** Frees the place: there will be no events. */
  release(): void;
}

/** Reserves a place for the caller; throws `Failure` RATE_LIMITED or OVERLOADED if there is none. */
export type TakeStreamPlace = () => StreamPlace;
