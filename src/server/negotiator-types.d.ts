/** The part of negotiator that is used here; it has no types of its own. */
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { readonly headers: Readonly<Record<string, string>> });
    /** The preferred one of what is offered; undefined when the header accepts none. */
    mediaType<Offered extends string>(offered: readonly Offered[]): Offered | undefined;
    encoding<Offered extends string>(
      offered: readonly Offered[],
      options?: { readonly preferred: readonly Offered[] },
    ): Offered | undefined;
  }
}
