// Statements as camt.053.001.08. The tests do not include the published schema, but list its rules that a statement
// can break.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let open: TestGateway;
beforeEach(async () => {
  open = await startTestGateway();
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

/** An element of a type: its name, its type, and how often it may occur. */
type Element = readonly [name: string, type: string, least: number, most: number];
const many = Number.POSITIVE_INFINITY;

/**
 * Types of camt.053.001.08 that a statement uses, with their elements in the published order (ISO 20022 message definition
 * report, Bank-to-Customer Cash Management); elements that are never written are left out.
 */
const sequences: Readonly<Record<string, readonly Element[]>> = {
  Document: [['BkToCstmrStmt', 'BankToCustomerStatementV08', 1, 1]],
  BankToCustomerStatementV08: [
    ['GrpHdr', 'GroupHeader81', 1, 1],
    ['Stmt', 'AccountStatement9', 1, many],
  ],
  GroupHeader81: [
    ['MsgId', 'Max35Text', 1, 1],
    ['CreDtTm', 'ISODateTime', 1, 1],
  ],
  AccountStatement9: [
    ['Id', 'Max35Text', 1, 1],
    ['ElctrncSeqNb', 'Number', 0, 1],
    ['CreDtTm', 'ISODateTime', 0, 1],
    ['FrToDt', 'DateTimePeriod1', 0, 1],
    ['Acct', 'CashAccount39', 1, 1],
    ['Bal', 'CashBalance8', 1, many],
    ['TxsSummry', 'TotalTransactions6', 0, 1],
    ['Ntry', 'ReportEntry10', 0, many],
    ['AddtlStmtInf', 'Max500Text', 0, 1],
  ],
  DateTimePeriod1: [
    ['FrDtTm', 'ISODateTime', 1, 1],
    ['ToDtTm', 'ISODateTime', 1, 1],
  ],
  CashAccount39: [
    ['Id', 'AccountIdentification4Choice', 1, 1],
    ['Ccy', 'ActiveOrHistoricCurrencyCode', 0, 1],
    ['Nm', 'Max70Text', 0, 1],
  ],
  AccountIdentification4Choice: [['Othr', 'GenericAccountIdentification1', 1, 1]],
  GenericAccountIdentification1: [['Id', 'Max34Text', 1, 1]],
  CashBalance8: [
    ['Tp', 'BalanceType13', 1, 1],
    ['Amt', 'ActiveOrHistoricCurrencyAndAmount', 1, 1],
    ['CdtDbtInd', 'CreditDebitCode', 1, 1],
    ['Dt', 'DateAndDateTime2Choice', 1, 1],
  ],
  BalanceType13: [['CdOrPrtry', 'BalanceType10Choice', 1, 1]],
  BalanceType10Choice: [['Cd', 'ExternalBalanceType1Code', 1, 1]],
  DateAndDateTime2Choice: [['DtTm', 'ISODateTime', 1, 1]],
  TotalTransactions6: [
    ['TtlNtries', 'NumberAndSumOfTransactions4', 0, 1],
    ['TtlCdtNtries', 'NumberAndSumOfTransactions1', 0, 1],
    ['TtlDbtNtries', 'NumberAndSumOfTransactions1', 0, 1],
  ],
  NumberAndSumOfTransactions4: [
    ['NbOfNtries', 'Max15NumericText', 0, 1],
    ['Sum', 'DecimalNumber', 0, 1],
  ],
  NumberAndSumOfTransactions1: [
    ['NbOfNtries', 'Max15NumericText', 0, 1],
    ['Sum', 'DecimalNumber', 0, 1],
  ],
  ReportEntry10: [
    ['NtryRef', 'Max35Text', 0, 1],
    ['Amt', 'ActiveOrHistoricCurrencyAndAmount', 1, 1],
    ['CdtDbtInd', 'CreditDebitCode', 1, 1],
    ['Sts', 'EntryStatus1Choice', 1, 1],
    ['BookgDt', 'DateAndDateTime2Choice', 0, 1],
    ['ValDt', 'DateAndDateTime2Choice', 0, 1],
    ['AcctSvcrRef', 'Max35Text', 0, 1],
    ['BkTxCd', 'BankTransactionCodeStructure4', 1, 1],
    ['AddtlNtryInf', 'Max500Text', 0, 1],
  ],
  EntryStatus1Choice: [['Cd', 'ExternalEntryStatus1Code', 1, 1]],
  BankTransactionCodeStructure4: [['Prtry', 'ProprietaryBankTransactionCodeStructure1', 0, 1]],
  ProprietaryBankTransactionCodeStructure1: [['Cd', 'Max35Text', 1, 1]],
};

const digits = (text: string) => text.replace(/\D/g, '').length;
const isTime = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
const lengthIn = (least: number, most: number) => (text: string) => {
  const length = Array.from(unescapeXml(text)).length;
  return length >= least && length <= most;
};

/** The text that a simple type allows. */
const simple: Readonly<Record<string, (text: string) => boolean>> = {
  Max34Text: lengthIn(1, 34),
  Max35Text: lengthIn(1, 35),
  Max500Text: lengthIn(1, 500),
  ISODateTime: isTime,
  ActiveOrHistoricCurrencyCode: (text) => /^[A-Z]{3}$/.test(text),
  ActiveOrHistoricCurrencyAndAmount: (text) => /^\d+(?:\.\d{1,5})?$/.test(text) && digits(text) <= 18,
  DecimalNumber: (text) => /^-?\d+(?:\.\d{1,17})?$/.test(text) && digits(text) <= 18,
  CreditDebitCode: (text) => text === 'CRDT' || text === 'DBIT',
  Max15NumericText: (text) => /^\d{1,15}$/.test(text),
  ExternalBalanceType1Code: (text) => text === 'OPBD' || text === 'CLBD',
  ExternalEntryStatus1Code: (text) => text === 'BOOK',
};

interface XmlElement {
  readonly name: string;
  readonly attributes: string;
  readonly children: XmlElement[];
  text: string;
}

function parseXml(xml: string): XmlElement {
  const top: XmlElement = { name: '', attributes: '', children: [], text: '' };
  const stack = [top];
  for (const [, close, name = '', attributes = '', text = ''] of xml.matchAll(
    /<(\/)?([A-Za-z0-9]+)((?: [^>]*)?)>([^<]*)/g,
  )) {
    if (close !== undefined) {
      expect(stack.pop()?.name).toBe(name);
      continue;
    }
    const element = { name, attributes, children: [], text };
    stack.at(-1)?.children.push(element);
    stack.push(element);
  }
  expect(stack).toEqual([top]);
  return top.children[0] as XmlElement;
}

function unescapeXml(text: string): string {
  expect(text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Throws if an element violates its type: unknown, out of order, too often, missing, or with invalid text. */
function checkType({ name, children, text, attributes }: XmlElement, type: string): void {
  const check = simple[type];
  if (check !== undefined) {
    if (!check(text) || children.length > 0)
      throw new Error(`${name} is no ${type}: ${JSON.stringify(text)}`);
    const needsCurrency = type === 'ActiveOrHistoricCurrencyAndAmount';
    expect(attributes).toMatch(needsCurrency ? /^ Ccy="[A-Z]{3}"$/ : /^$/);
    return;
  }
  const sequence = sequences[type];
  if (sequence === undefined) throw new Error(`${name} has an unknown type ${type}`);
  expect(text.trim()).toBe('');
  let next = 0;
  for (const [elementName, elementType, least, most] of sequence) {
    let count = 0;
    for (; children[next]?.name === elementName; next++, count++)
      checkType(children[next] as XmlElement, elementType);
    if (count < least || count > most) throw new Error(`${name} has ${count} times ${elementName}`);
  }
  if (next < children.length) throw new Error(`${children[next]?.name} stands at the wrong place in ${name}`);
}

function checkMessage(xml: string): void {
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/);
  const document = parseXml(xml.slice(xml.indexOf('\n') + 1));
  expect(document.attributes).toBe(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"');
  checkType({ ...document, attributes: '' }, 'Document');
}

test('every message has the published elements and types, whatever texts the provider sends', async () => {
  const texts = [
    '',
    '\u0001\u0002',
    'x'.repeat(600),
    `${'x'.repeat(499)}\u{1f4b3}y`,
    '<a> & "b"',
    '\ud800 half',
    '  ',
  ];
  row('2026-04-30T10:00:00Z', '-1.00', '1000.00');
  for (const [index, description] of texts.entries()) {
    row(`2026-05-${10 + index}T10:00:00.${index}Z`, '-1.5', `${998.5 - 1.5 * index}`, description);
  }
  const { status, text } = await load();
  expect(status).toBe(200);
  checkMessage(text);
  expect(() => checkMessage(text.replace('</Stmt>', '<Acct></Acct></Stmt>'))).toThrow('wrong place');
  expect(() => checkMessage(text.replace(/<AcctSvcrRef>[^<]+/, '<AcctSvcrRef>'))).toThrow('no Max35Text');
  const other = await load(
    `balanceId=${balanceId}&during.from=2026-05-01T00:00:00Z&during.to=2026-05-31T00:00:00Z`,
  );
  const idOf = (xml: string) => /<MsgId>([^<]+)/.exec(xml)?.[1];
  expect(idOf(other.text)).not.toBe(idOf(text));
  expect(idOf((await load()).text)).toBe(idOf(text));
});

test('a statement that agrees is a message like a bank’s', async () => {
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

test.each([
  ['JPY', '-100', '-250', '-350', '7'],
  ['KWD', '-0.125', '-1.250', '-1.375', '0.005'],
])(
  'a statement in %s has its digits, negative balances, non-Latin letters and distinct references',
  async (currency, amount, opening, middle, back) => {
    const [master] = open.sandbox.control.accounts();
    open.sandbox.control.setBalance('issuing', master?.account_id ?? '', currency);
    const rows = [
      ['2026-04-30T10:00:00Z', `before-${currency}`, amount, opening],
      ['2026-05-10T10:00:00Z', `${'x'.repeat(40)}1`, amount, middle],
      ['2026-05-11T10:00:00Z', `${'x'.repeat(40)}2`, back, currency === 'JPY' ? '-343' : '-1.370'],
    ] as const;
    for (const [create_time, transaction_id, rowAmount, ending_balance] of rows) {
      open.sandbox.control.insertTransaction('issuing', {
        ...{ create_time, transaction_id, ending_balance, currency, transaction_status: 'COMPLETED' },
        ...{ amount: rowAmount, description: 'Müller & Söhne <GmbH> 東京' },
      });
    }
    const id = encodeBalanceId({
      ...{ account: { provider: 'UQPAY', providerAccountId: null }, ledger: 'ISSUING', currency },
      distinguishingId: null,
    });
    const { status, text } = await load(
      `balanceId=${id}&during.from=2026-05-01T00:00:00Z&during.to=2026-06-01T00:00:00Z`,
    );
    expect([status, text]).toEqual([200, expect.any(String)]);
    checkMessage(text);
    const elements = elementsOf(text);
    const textsOf = (end: string) =>
      elements.filter(({ path }) => path.endsWith(end)).map((each) => each.text);
    expect(textsOf('Bal/Amt')).toEqual([opening.slice(1), currency === 'JPY' ? '343' : '1.370']);
    expect(textsOf('Bal/CdtDbtInd')).toEqual(['DBIT', 'DBIT']);
    expect(textsOf('Ntry/Amt')).toEqual([amount.slice(1), back]);
    expect(textsOf('Ntry/CdtDbtInd')).toEqual(['DBIT', 'CRDT']);
    expect(textsOf('AddtlNtryInf')[0]).toBe('Müller &amp; Söhne &lt;GmbH&gt; 東京');
    expect(new Set(textsOf('AcctSvcrRef')).size).toBe(2);
  },
);

test('a statement without transactions is refused, because nothing moved', async () => {
  row('2026-04-30T10:00:00Z', '-1.00', '200.00');
  const { status, text } = await load();
  expect(status).toBe(409);
  expect(text).toContain('INCONCLUSIVE');
});

test('a statement whose check does not agree is refused, with the reason', async () => {
  row('2026-04-30T10:00:00Z', '-1.00', '200.00');
  row('2026-05-10T10:00:00Z', '-20.00', '175.00');
  const { status, text } = await load();
  expect(status).toBe(409);
  expect(text).toContain('The check of the statement is DIFFERS');
});

test('invalid parameters are refused without a call', async () => {
  open.sandbox.control.resetCalls();
  expect((await load('')).status).toBe(400);
  expect((await load('balanceId=nonsense&during.from=2026-05-01T00:00:00Z')).status).toBe(400);
  expect((await load(`balanceId=${balanceId}`)).status).toBe(400);
  expect(open.sandbox.control.callCount()).toBe(0);
});
