import { createBalanceReads } from '../data/balances/balances.ts';
import { readBalanceStatement } from '../data/history/balance-statement.ts';
import { createListLengths } from '../data/list-lengths.ts';
import { Failure } from '../domain/failure.ts';
import { instantOfMs } from '../domain/instant.ts';
import { parseIdOf } from '../graphql/ids.ts';
import { toTimeSpan } from '../graphql/input/activity-query.ts';
import { toBalanceHistoryQuery } from '../graphql/input/balance-history-query.ts';
import { guardStatement } from '../graphql/reads/guarded-reads.ts';
import type { ExportRequest, StatementFile } from '../ports/export.ts';
import { toCamt053 } from './camt053.ts';
import { parseStatementParameters } from './parameters.ts';
import { type ExportPorts, scopeOf, toReadContext } from './scope.ts';

/** Reads a statement as a document. Rejects like an export, and with the `Failure` that left it unknown. */
export async function readStatementFile(
  request: Omit<ExportRequest, 'kind'>,
  ports: ExportPorts,
): Promise<StatementFile> {
  const { balanceId, during } = parseStatementParameters(request.parameters);
  const { key } = parseIdOf('Balance', 'balanceId', balanceId);
  guardStatement(key.account, request.caller);
  const scope = scopeOf(request.caller, ports);
  // Refused before anything is read.
  toTimeSpan('during', during, scope);
  const context = toReadContext(request);
  const { providers } = scope;
  const balance = await createBalanceReads(providers, createListLengths(), context).one(key);
  if (balance === null) throw new Failure('ACCOUNT_NOT_FOUND', 'There is no such balance.');
  const query = toBalanceHistoryQuery(balance, during, scope);
  const callsMax = Number.MAX_SAFE_INTEGER;
  const statement = await readBalanceStatement(query, { ...ports, providers, callsMax }, context);
  if (statement === null) return { problem: 'The provider lists no transactions of this balance.' };
  return toCamt053(statement, instantOfMs(ports.clock.now()));
}
