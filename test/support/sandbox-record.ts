import { parseInstant } from '../../src/domain/instant.ts';
import type { Transaction } from '../../src/domain/model.ts';
import { recognise, transactionStatuses } from '../../src/domain/vocabulary.ts';
import type { UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import type { MovingRecord } from './hostile-walk.ts';
import { makeRow } from './moving-list.ts';
import type { Random } from './random.ts';

type LedgerLine = 'banking' | 'issuing';

const statuses = ['PENDING', 'COMPLETED', 'FAILED'];

/** The sandbox's own data of the master account, to check walks against. */
export function recordOfSandbox(sandbox: UqpaySandbox, lines: readonly LedgerLine[]): MovingRecord {
  const { control, masterAccountId } = sandbox;
  const seen = new WeakMap<object, Transaction>();
  const rowsOf = (line: LedgerLine) => control.transactions(line, masterAccountId);
  const toRow = (line: LedgerLine, record: ReturnType<typeof rowsOf>[number]): Transaction => {
    const known = seen.get(record);
    if (known !== undefined) return known;
    const createdAt = parseInstant(record.create_time);
    if (createdAt === null) throw new Error(`no time: ${record.create_time}`);
    const row = makeRow(record.transaction_id, createdAt, {
      ledger: line === 'banking' ? 'BANKING' : 'ISSUING',
      status: recognise(transactionStatuses, record.transaction_status),
    });
    seen.set(record, row);
    return row;
  };
  const rows = () => lines.flatMap((line) => rowsOf(line).map((record) => toRow(line, record)));

  return {
    rows,
    beforeEachCall: (hook) => control.beforeEachCall(hook),
    mutate(random: Random, near: Transaction | null) {
      const line = random.pick(lines);
      const present = rowsOf(line);
      const some = present.length === 0 ? undefined : random.pick(present);
      const insert = (second: number) =>
        control.insertTransaction(line, {
          create_time: timeText(random, second),
          transaction_status: random.pick(statuses),
        });
      const nearSecond = near?.createdAt.second ?? null;
      switch (random.between(0, 5)) {
        case 0:
          insert(Math.max(...rows().map((row) => row.createdAt.second), 0) + random.between(0, 2));
          break;
        case 1:
          if (some !== undefined) insert(parseInstant(some.create_time)?.second ?? 0);
          break;
        case 2:
          if (some !== undefined) control.deleteTransaction(some.transaction_id);
          break;
        case 3:
          if (some !== undefined) control.setTransactionStatus(some.transaction_id, random.pick(statuses));
          break;
        case 4:
          if (nearSecond !== null) insert(nearSecond);
          break;
        case 5:
          if (rows().some((row) => row.providerTransactionId === near?.providerTransactionId)) {
            control.deleteTransaction(near?.providerTransactionId ?? '');
          }
          break;
      }
    },
  };
}

/** A time in one of several offsets, with 0 to 9 fraction digits. */
export function timeText(random: Random, second: number): string {
  const offsetHours = random.pick([0, 8, -5]);
  const local = new Date((second + offsetHours * 3600) * 1000).toISOString().slice(0, 19);
  const digits = random.pick([0, 0, 0, 3, 9]);
  const fraction =
    digits === 0 ? '' : `.${String(random.between(0, 10 ** digits - 1)).padStart(digits, '0')}`;
  const sign = offsetHours < 0 ? '-' : '+';
  const offset = offsetHours === 0 ? 'Z' : `${sign}${String(Math.abs(offsetHours)).padStart(2, '0')}:00`;
  return `${local}${fraction}${offset}`;
}
