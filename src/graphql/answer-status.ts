const graphqlResponse = 'application/graphql-response+json';
const json = 'application/json';

/** How much one media type is wanted: the weight of the most specific range that covers it, and that range's place. */
interface Wish {
  readonly weight: number;
  /** 3 for the type itself, 2 for `application/*`, 1 for `*\/*`, 0 for nothing. */
  readonly specificity: number;
  readonly place: number;
}

/**
 * Status of an answer to a well-formed request that was refused before execution. 400 is for clients that know
 * `application/graphql-response+json`; with `application/json` a status other than 2xx would be taken for one of some
 * machine on the way, so the specification asks for 200 (GraphQL over HTTP, section 6.4.1).
 */
export function refusalStatus(accept: string | undefined): 200 | 400 {
  if (accept === undefined) return 200;
  const wanted = wishFor(graphqlResponse, accept);
  const other = wishFor(json, accept);
  if (wanted.weight !== other.weight) return wanted.weight > other.weight ? 400 : 200;
  if (wanted.specificity !== other.specificity) return wanted.specificity > other.specificity ? 400 : 200;
  return wanted.specificity === 3 && wanted.place < other.place ? 400 : 200;
}

function wishFor(mediaType: string, accept: string): Wish {
  const ranges = accept.split(',').map((text, place): Wish => {
    const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
    const specificity = range === mediaType ? 3 : range === 'application/*' ? 2 : range === '*/*' ? 1 : 0;
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { weight: specificity === 0 ? 0 : Number(weight ?? 1), specificity, place };
  });
  return ranges.reduce((best, wish) => (wish.specificity > best.specificity ? wish : best), {
    weight: 0,
    specificity: 0,
    place: 0,
  });
}
