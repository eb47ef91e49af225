// Statements as camt.053.001.08. The published schema is not in the tests: its rules that a statement can break are listed here.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import { openRequestAdmission, type RequestAdmission } from './front-door.fixture.ts';

let open: RequestAdmission;
beforeEach(async () => {
  open = await openRequestAdmission();
  const { control } = open.sandbox;
  const [master] = control.accounts();
  for (const line of ['banking', 'issuing'] as const) {
    for (const { transaction_id } of control.transactions(line, master?.account_id ?? ''))
      control.deleteTransaction(transaction_id);
  }
});
afterEach(() => open.close());

const balanceId = encodeBalanceId({
  ...{ account: { provider: 'UQPAY', providerAccountId: null }, ledger: 'ISSUING', currency: 'USD' },
  distinguishingId: null,
});

function row(
  create_time: string,
  amount: string,
  ending_balance: string,
  description = 'Card payment',
): void {
  open.sandbox.control.insertTransaction('issuing', {
    ...{ create_time, amount, ending_balance, description, currency: 'USD', transaction_status: 'COMPLETED' },
  });
}

async function load(
  query = `balanceId=${balanceId}&during.from=2026-05-01T00:00:00Z&during.to=2026-06-01T00:00:00Z`,
) {
  const response = await fetch(new URL(`/export/statement.xml?${query}`, open.gateway.url));
  return { status: response.status, text: await response.text() };
}

/** The elements of a document in order, each with its path and text. */
function elementsOf(xml: string): { path: string; text: string }[] {
  const elements: { path: string; text: string }[] = [];
  const stack: string[] = [];
  for (const [, close, name = '', text = ''] of xml.matchAll(/<(\/)?([A-Za-z]+)(?: [^>]*)?>([^<]*)/g)) {
    if (close === undefined) {
      stack.push(name);
      elements.push({ path: stack.join('/'), text });
    } else expect(stack.pop()).toBe(name);
  }
  expect(stack).toEqual([]);
  return elements;
}

test('a statement that agrees is a message that a bank would write', async () => {
  row('2026-04-30T10:00:00Z', '-1.00', '200.00');
  row('2026-05-10T10:00:00Z', '-20.00', '180.00', 'A & B <Ltd> \u0001');
  row('2026-05-11T10:00:00Z', '5.50', '185.50');
  const { status, text } = await load();
  expect(status).toBe(200);
  expect(text).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"');
  const elements = elementsOf(text);
  const statement = 'Document/BkToCstmrStmt/Stmt/';
  const names = elements.map(({ path }) => path).filter((path) => /^[^/]+\/[^/]+\/Stmt\/[^/]+$/.test(path));
  expect(names.map((path) => path.slice(statement.length))).toEqual([
    'Id',
    'CreDtTm',
    'FrToDt',
    'Acct',
    'Bal',
    'Bal',
    'TxsSummry',
    'Ntry',
    'Ntry',
  ]);
  const textsOf = (path: string) =>
    elements.filter((each) => each.path === statement + path).map(({ text: found }) => found);
  expect(textsOf('Bal/Amt')).toEqual(['200.00', '185.50']);
  expect(textsOf('Bal/Tp/CdOrPrtry/Cd')).toEqual(['OPBD', 'CLBD']);
  expect(textsOf('Ntry/Amt')).toEqual(['20.00', '5.50']);
  expect(textsOf('Ntry/CdtDbtInd')).toEqual(['DBIT', 'CRDT']);
  expect(textsOf('Ntry/AddtlNtryInf')).toEqual(['A &amp; B &lt;Ltd&gt; ', 'Card payment']);
  expect(textsOf('TxsSummry/TtlDbtNtries/Sum')).toEqual(['20.00']);
  const entry = elements
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${statement}Ntry/`) && path.split('/').length === 5);
  expect(entry.slice(0, 8).map((path) => path.split('/')[4])).toEqual([
    'Amt',
    'CdtDbtInd',
    'Sts',
    'BookgDt',
    'ValDt',
    'AcctSvcrRef',
    'BkTxCd',
    'AddtlNtryInf',
  ]);
  for (const { path, text: found } of elements) {
    if (/(?:MsgId|Stmt\/Id|AcctSvcrRef|Prtry\/Cd)$/.test(path)) expect(found).toMatch(/^.{1,35}$/);
    if (path.endsWith('Othr/Id')) expect(found).toMatch(/^.{1,34}$/);
    if (path.endsWith('DtTm')) expect(found).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
  }
});

test('a statement whose check does not agree is none, and says why', async () => {
  row('2026-04-30T10:00:00Z', '-1.00', '200.00');
  row('2026-05-10T10:00:00Z', '-20.00', '175.00');
  const { status, text } = await load();
  expect(status).toBe(409);
  expect(text).toContain('The check of the statement is DIFFERS');
});

test('parameters that cannot be used are refused without a call', async () => {
  open.sandbox.control.resetCalls();
  expect((await load('')).status).toBe(400);
  expect((await load('balanceId=nonsense&during.from=2026-05-01T00:00:00Z')).status).toBe(400);
  expect((await load(`balanceId=${balanceId}`)).status).toBe(400);
  expect(open.sandbox.control.callCount()).toBe(0);
});
