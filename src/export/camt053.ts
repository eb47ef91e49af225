import { createHash } from 'node:crypto';
import type { BalanceStatement, StatementEntry } from '../data/history/balance-statement.ts';
import type { DecimalText } from '../domain/decimal.ts';
import { absoluteDecimal } from '../domain/decimal-sum.ts';
import { type Instant, instantText } from '../domain/instant.ts';
import type { Money } from '../domain/model.ts';

/** A statement as a document, or why it cannot be one. */
export type StatementDocument = { readonly xml: string } | { readonly problem: string };

/** Longest texts of camt.053.001.08: Max35Text, Max34Text (other account identification), Max500Text. */
const [referenceLengthMax, accountLengthMax, informationLengthMax] = [35, 34, 500];
/** Hexadecimal digits that distinguish shortened references. */
const digestLength = 12;
/** ActiveOrHistoricCurrencyAndAmount: at most 18 digits, 5 of them after the point. */
const amountText = /^(?=(?:\.?\d){1,18}$)\d{1,18}(?:\.\d{1,5})?$/;

/**
 * Writes a statement as camt.053.001.08 (BankToCustomerStatementV08 of ISO 20022), if its check AGREES and the
 * message can express its amounts: a document that a bank would not sign is no bank statement.
 */
export function toCamt053(statement: BalanceStatement, createdAt: Instant): StatementDocument {
  const { check, openingBalance, closingBalance, credits, debits, balance, entries } = statement;
  if (check.verdict !== 'AGREES')
    return { problem: `The check of the statement is ${check.verdict}: ${check.explanation}` };
  if (openingBalance === null || closingBalance === null || credits === null || debits === null) {
    return { problem: 'The statement has no opening or closing balance, or no sums.' };
  }
  if (!/^[A-Z]{3}$/.test(balance.currency)) {
    return { problem: `camt.053 allows only currencies of three letters, not ${balance.currency}.` };
  }
  const amounts = [
    openingBalance,
    closingBalance,
    credits,
    debits,
    ...entries.flatMap(({ signed }) => signed ?? []),
  ];
  const wide = amounts.find(({ amount }) => !amountText.test(absoluteDecimal(amount)));
  if (wide !== undefined) {
    return {
      problem: `camt.053 allows 18 digits, 5 of them after the point; the amount ${wide.amount} has more.`,
    };
  }
  const id = statementId(statement);
  const count = (isDebit: boolean) =>
    entries.filter(({ signed }) => signed?.amount.startsWith('-') === isDebit).length;
  const parts = [
    tag('Id', id),
    tag('CreDtTm', instantText(createdAt)),
    tag(
      'FrToDt',
      tag('FrDtTm', instantText(statement.from)) + tag('ToDtTm', instantText(statement.to)),
      true,
    ),
    tag(
      'Acct',
      tag('Id', tag('Othr', tag('Id', accountText(balance)), true), true) + tag('Ccy', balance.currency),
      true,
    ),
    toBalance('OPBD', openingBalance, statement.from),
    toBalance('CLBD', closingBalance, statement.to),
    tag(
      'TxsSummry',
      tag('TtlNtries', tag('NbOfNtries', String(entries.length)), true) +
        tag('TtlCdtNtries', tag('NbOfNtries', String(count(false))) + tag('Sum', credits.amount), true) +
        tag('TtlDbtNtries', tag('NbOfNtries', String(count(true))) + tag('Sum', debits.amount), true),
      true,
    ),
    ...entries.map(toEntry),
  ];
  const header = tag('GrpHdr', tag('MsgId', id) + tag('CreDtTm', instantText(createdAt)), true);
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>${header}${tag('Stmt', parts.join(''), true)}</BkToCstmrStmt></Document>\n`;
  return { xml };
}

function toBalance(code: 'OPBD' | 'CLBD', { amount, currency }: Money, at: Instant): string {
  return tag(
    'Bal',
    tag('Tp', tag('CdOrPrtry', tag('Cd', code), true), true) +
      toAmount(amount, currency) +
      tag('Dt', tag('DtTm', instantText(at)), true),
    true,
  );
}

function toEntry({ transaction, signed }: StatementEntry): string {
  const { amount, currency } = signed as Money;
  const { providerTransactionId, createdAt, completedAt, typeRaw } = transaction;
  const description = writable(transaction.description ?? '');
  return tag(
    'Ntry',
    toAmount(amount, currency) +
      tag('Sts', tag('Cd', 'BOOK'), true) +
      tag('BookgDt', tag('DtTm', instantText(createdAt)), true) +
      tag('ValDt', tag('DtTm', instantText(completedAt ?? createdAt)), true) +
      tag('AcctSvcrRef', reference(providerTransactionId)) +
      tag('BkTxCd', tag('Prtry', tag('Cd', reference(typeRaw === '' ? 'OTHER' : typeRaw)), true), true) +
      (description === ''
        ? ''
        : tag('AddtlNtryInf', Array.from(description).slice(0, informationLengthMax).join(''))),
    true,
  );
}

function toAmount(amount: DecimalText, currency: string): string {
  const indicator = amount.startsWith('-') ? 'DBIT' : 'CRDT';
  return `<Amt Ccy="${currency}">${absoluteDecimal(amount)}</Amt>${tag('CdtDbtInd', indicator)}`;
}

/** The same for the same account and time span, and for no other, so that a second import of a statement is detected. */
function statementId({ balance, from, to }: BalanceStatement): string {
  const [start, end] = [from, to].map((instant) => instantText(instant));
  const digest = sha256(
    JSON.stringify([accountText(balance), balance.account, balance.ledger, balance.currency, start, end]),
  );
  const days = [start, end].map((text) => text?.slice(0, 10).replaceAll('-', ''));
  return reference(`${days.join('-')}-${digest}`);
}

/**
 * UUIDs fit without their dashes. A longer reference ends in a digest, so that two with the same beginning stay
 * different.
 */
function reference(text: string, lengthMax = referenceLengthMax): string {
  if (text.length <= lengthMax) return text;
  const short = text.replaceAll('-', '');
  if (short.length <= lengthMax) return short;
  return short.slice(0, lengthMax - digestLength) + sha256(text).slice(0, digestLength);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function accountText({ providerBalanceId, account, ledger, currency }: BalanceStatement['balance']): string {
  return reference(
    providerBalanceId ?? `${account.providerAccountId ?? account.provider}-${ledger}-${currency}`,
    accountLengthMax,
  );
}

/** Characters that XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function tag(name: string, content: string, isMarkup = false): string {
  return `<${name}>${isMarkup ? content : escapeText(content)}</${name}>`;
}

function writable(text: string): string {
  return text.toWellFormed().replace(unwritable, '');
}

function escapeText(text: string): string {
  return writable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
