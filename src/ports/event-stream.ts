/** The events of one subscription. */
export interface EventStream {
  /**
   * The next event as JSON text; null after the last. Whoever takes none for a while is given the newest state then, not all
   * that came in between. Ask again only after the answer.
   */
  next(): Promise<string | null>;
  /** Frees everything that the subscription holds; later calls do nothing. */
  end(): void;
}

/** A place among the open subscriptions, taken before anything is read for it. */
export interface StreamPlace {
  /** Hands the events over to whoever sends them. */
  begin(events: EventStream): void;
  /** Gives the place back: there will be no events. */
  release(): void;
}

/** Takes a place for the caller; throws `Failure` RATE_LIMITED or OVERLOADED where there is none. */
export type TakeStreamPlace = () => StreamPlace;
