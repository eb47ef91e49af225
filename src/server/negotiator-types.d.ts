/** The part of negotiator that is used here; it has no types of its own. */
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { readonly headers: Readonly<Record<string, string>> });
    /** The best of what is on offer; undefined when the header wants none of it. */
    mediaType<Offered extends string>(offered: readonly Offered[]): Offered | undefined;
    encoding<Offered extends string>(
      offered: readonly Offered[],
      options?: { readonly preferred: readonly Offered[] },
    ): Offered | undefined;
  }
}
