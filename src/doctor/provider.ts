import { Failure } from '../domain/failure.ts';
import type { PageStream } from '../ports/page.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { CarefulTokens } from './careful-tokens.ts';
import { clockMsMax, clockText, type ExaminedProvider, explain } from './explain.ts';
import { type Finding, note, ok, type Section, warning } from './finding.ts';
import { examineConnection } from './reach.ts';

export interface ProviderUnderTest extends ExaminedProvider {
  readonly provider: Provider;
  readonly tokens: CarefulTokens;
  /** Whether other replicas find a token too. */
  readonly sharesTokens: boolean;
  readonly timeoutMs: number;
}

/** After one of these the next read would fail in the same way, and make it worse. */
const endsAll = ['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_RATE_LIMITED'];

/** Examines the connection, then the first page of each ledger's balances and of the accounts, one after the other. */
export async function examineProvider(examined: ProviderUnderTest): Promise<Section> {
  const { name, code, source, timeoutMs } = examined;
  const label = source.environment === 'PRODUCTION' ? 'Live data' : 'A sandbox, no real money';
  const findings: Finding[] = [ok(`${label}: ${source.baseUrl}`)];
  const connection = await examineConnection(source.baseUrl, `${code}_BASE_URL`, Math.min(3_000, timeoutMs));
  findings.push(connection);
  if (connection.level === 'ok')
    findings.push(...together(await examineReads(examined)), ...aboutClock(examined));
  findings.push(aboutCalls(examined));
  return { name, findings };
}

interface Read {
  readonly what: string;
  readonly pages: (context: ReadContext) => PageStream<unknown>;
}

function readsOf({ code, ledgers, balances, accounts }: Provider): Read[] {
  const master = { provider: code, providerAccountId: null };
  return [
    ...ledgers.flatMap((ledger) => {
      const repository = balances.get(ledger);
      if (repository === undefined) return [];
      return [
        { what: `${ledger} balances`, pages: (context: ReadContext) => repository.list(master, context) },
      ];
    }),
    { what: 'accounts', pages: (context) => accounts.connected(context) },
  ];
}

/** A read and its result; `what` is separate so that reads with the same result can share a line. */
interface Outcome {
  readonly what: string;
  toFinding(what: string): Finding;
}

async function examineReads(examined: ProviderUnderTest): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { what, pages } of readsOf(examined.provider)) {
    const callsBefore = examined.watched.callCount();
    try {
      const rows = await readFirstPage(pages, examined.timeoutMs);
      // A provider with a single account has no list, so no call was made.
      if (examined.watched.callCount() === callsBefore) continue;
      examined.tokens.proven();
      outcomes.push({ what, toFinding: (all) => (rows === 0 ? emptyPage(all) : ok(`${all}: can be read.`)) });
    } catch (error) {
      const finding = explain(error, examined);
      outcomes.push({ what, toFinding: (all) => ({ ...finding, text: `${all}: ${finding.text}` }) });
      if (error instanceof Failure && endsAll.includes(error.code)) break;
    }
  }
  return outcomes;
}

/** A key pair of another business line may get such an answer (uqpay reference section 1.2). */
function emptyPage(what: string): Finding {
  return note(
    `${what}: can be read, but there are none.`,
    'Is this the key of the right account and product?',
  );
}

async function readFirstPage(pages: Read['pages'], timeoutMs: number): Promise<number> {
  const context: ReadContext = {
    signal: AbortSignal.timeout(timeoutMs),
    callerId: 'doctor',
    // A new read, because one that a replica has cached proves nothing.
    maxAgeSeconds: 0,
    meter: { calls: 0 },
    readings: new Map(),
  };
  for await (const { value } of pages(context)) return value.rows.length;
  return 0;
}

/** Combines reads with the same result into one line. */
function together(outcomes: readonly Outcome[]): Finding[] {
  const groups = Map.groupBy(outcomes, (outcome) => JSON.stringify(outcome.toFinding('')));
  return Array.from(groups.values(), (same) => {
    const [first] = same as [Outcome];
    return first.toFinding(same.map(({ what }) => what).join(', '));
  });
}

function aboutClock({ name, watched }: ProviderUnderTest): Finding[] {
  const aheadMs = watched.clockAheadMs();
  if (aheadMs === null) return [];
  if (Math.abs(aheadMs) <= clockMsMax) return [ok(`The clock of this machine agrees with that of ${name}.`)];
  return [
    warning(
      `The clock of this machine is ${clockText(aheadMs)}, by that of ${name}.`,
      'Synchronize it over the network (NTP): one-time codes, signatures and tokens depend on it.',
    ),
  ];
}

function aboutCalls({ watched, tokens, sharesTokens }: ProviderUnderTest): Finding {
  const logins = tokens.tokenCalls();
  const ofThese = logins === 0 ? '' : `, ${logins} of them for a new token`;
  const text = `Calls made: ${watched.callCount()}${ofThese}.`;
  if (tokens.issued() === 0 || sharesTokens) return note(text);
  return note(
    text,
    'A gateway elsewhere that uses this key may have lost its token, and will request another. ' +
      'With the REDIS_URL of the running replicas, their token is used instead.',
  );
}
