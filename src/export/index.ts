import { type BalancePage, readBalancePage } from '../data/balances/balance-list.ts';
import { createBalanceReads } from '../data/balances/balances.ts';
import { createListLengths } from '../data/list-lengths.ts';
import { pageFrom, type SourceOutcome } from '../data/pagination/page.ts';
import { failuresOf } from '../data/sources.ts';
import type { Failure } from '../domain/failure.ts';
import { instantText } from '../domain/instant.ts';
import { toBalanceFilter, toSelection } from '../graphql/input/filters.ts';
import { guardStreams, refusalOfBalances } from '../graphql/reads/guarded-reads.ts';
import type {
  Export,
  ExportRequest,
  ExportRow,
  ExportSource,
  Exports,
  OnExportProgress,
} from '../ports/export.ts';
import { balanceColumns, transactionColumns } from './columns.ts';
import { createTimeWriter } from './local-time.ts';
import { parseBalanceParameters, parseTransactionParameters } from './parameters.ts';
import { type ExportPorts, scopeOf, toReadContext } from './scope.ts';
import { readStatementFile } from './statement.ts';
import { createBalanceSums, createTransactionSums } from './sums.ts';

/** The same exports; `onProgress` is called after each batch. */
export function watchExports(exports: Exports, onProgress: OnExportProgress): Exports {
  return {
    ...exports,
    async open(request) {
      const list = await exports.open(request);
      return {
        ...list,
        async next() {
          const rows = await list.next();
          onProgress(list.progress());
          return rows;
        },
      };
    },
  };
}

/** Rows that are read ahead of the caller. */
const batchSize = 100;

/** Opens exports of lists of any length, with the caller's scopes and share of the call budget. */
export function createExports(ports: ExportPorts): Exports {
  return {
    open: (request) =>
      request.kind === 'transactions' ? openTransactions(request, ports) : openBalances(request, ports),
    statement: (request) => readStatementFile(request, ports),
  };
}

async function openTransactions(request: ExportRequest, ports: ExportPorts): Promise<Export> {
  const { filter, timeZone, after } = parseTransactionParameters(request.parameters);
  const scope = scopeOf(request.caller, ports);
  const selection = toSelection({ account: null, balance: null }, filter, scope);
  const context = { ...toReadContext(request), areReadsOnce: true };
  const stream = await guardStreams(ports.paginator, request.caller).stream(selection, after, context);
  const columns = Object.entries(transactionColumns);
  const time = createTimeWriter(timeZone);
  const sums = createTransactionSums();
  let rowCount = 0;
  return {
    columns: columns.map(([name]) => name),
    async next() {
      const rows = await stream.next(batchSize);
      rowCount += rows.length;
      for (const row of rows) sums.add(row);
      return rows.map((row) => columns.map(([, cellOf]) => cellOf(row, time)));
    },
    progress: () => ({ rows: rowCount, rowCount: stream.rowCount, calls: context.meter.calls }),
    summary: () => ({
      rows: rowCount,
      asOf: instantText(stream.asOf),
      sources: stream.sources.map(toSource),
      sums: sums.list(),
      failure: stream.failure,
      cursor: stream.cursor(),
    }),
  };
}

async function openBalances(request: ExportRequest, ports: ExportPorts): Promise<Export> {
  const { filter, timeZone } = parseBalanceParameters(request.parameters);
  const scope = scopeOf(request.caller, ports);
  const { providers } = scope;
  const balanceFilter = toBalanceFilter(null, filter, scope);
  const refusal = refusalOfBalances(balanceFilter, request.caller);
  if (refusal !== null) throw refusal;
  const context = toReadContext(request);
  const balances = createBalanceReads(providers, createListLengths(), context);
  const whole = pageFrom(null, Number.MAX_SAFE_INTEGER);
  const columns = Object.entries(balanceColumns);
  const time = createTimeWriter(timeZone);
  const sums = createBalanceSums();
  let page: BalancePage | null = null;
  let given = 0;
  return {
    columns: columns.map(([name]) => name),
    async next(): Promise<readonly ExportRow[]> {
      page ??= await readBalancePage(balanceFilter, whole, {
        ...{ providers, balances, signer: ports.signer },
        now: scope.now,
      });
      const rows = page.rows.slice(given, given + batchSize);
      given += rows.length;
      for (const row of rows) sums.add(row);
      return rows.map((row) => columns.map(([, cellOf]) => cellOf(row, time)));
    },
    progress: () => ({ rows: given, rowCount: page?.rows.length ?? null, calls: context.meter.calls }),
    summary: () => ({
      rows: given,
      asOf: page === null ? '' : instantText(page.asOf),
      sources: page?.sources.map(toSource) ?? [],
      sums: sums.list(),
      failure: page === null ? null : (failuresOf(page.sources)[0] ?? null),
      cursor: '',
    }),
  };
}

function toSource({ provider, ledger, providerAccountId, state, failure }: SourceOutcome): ExportSource {
  return { provider, ledger, providerAccountId, state, code: (failure as Failure | null)?.code ?? null };
}
