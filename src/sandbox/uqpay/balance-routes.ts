import * as z from 'zod';
import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';
import { typedError } from './answers.ts';
import { readWrittenCurrency, withWrittenCurrency } from './currency-case.ts';
import { encodeBankingBalance, encodeIssuingBalance, encodePaymentBalance } from './encode.ts';
import { pageAnswer, toSelection } from './page.ts';
import { invalidIssuingRequest, invalidParameter, readPageRequest } from './query.ts';
import type { BalanceRecords, Line } from './records.ts';
import type { Route, RouteCall } from './route.ts';

/** The balance reads of the three ledgers (reference section 4). */
export const balanceRoutes: readonly Route[] = [
  {
    path: /^\/v1\/balances$/,
    line: 'banking',
    methods: { GET: { idempotencyKey: 'optional', answer: (call) => listBalances(call, 'banking') } },
  },
  {
    path: /^\/v1\/balances\/([^/]+)$/,
    line: 'banking',
    methods: {
      GET: {
        idempotencyKey: 'optional',
        answer: (call) => readBalance(call, 'banking', call.pathWords[0] ?? ''),
      },
    },
  },
  {
    path: /^\/v1\/issuing\/balances$/,
    line: 'issuing',
    methods: {
      GET: { idempotencyKey: 'optional', answer: (call) => listBalances(call, 'issuing') },
      POST: {
        idempotencyKey: 'required',
        answer: (call) => readBalance(call, 'issuing', readBodyCurrency(call)),
      },
    },
  },
  {
    path: /^\/v2\/payment\/balances$/,
    line: 'payment',
    methods: {
      GET: { idempotencyKey: 'required-by-behaviour', answer: (call) => listBalances(call, 'payment') },
    },
  },
  {
    path: /^\/v2\/payment\/balances\/([^/]+)$/,
    line: 'payment',
    methods: {
      GET: {
        idempotencyKey: 'required-by-behaviour',
        answer: (call) => readBalance(call, 'payment', call.pathWords[0] ?? ''),
      },
    },
  },
];

function refusalOf(line: Line) {
  return line === 'issuing' ? invalidIssuingRequest : invalidParameter;
}

/** The smallest page size of a line: banking is disputed, issuing 10, payment 1 (sections 4.2 to 4.4). */
function pageSizeMinOf(call: RouteCall, line: Line): number {
  if (line === 'banking') return call.store.behaviour.bankingPageSizeMin;
  return line === 'issuing' ? 10 : 1;
}

function listBalances(call: RouteCall, line: Line): Answer {
  const { behaviour } = call.store;
  const refuse = refusalOf(line);
  const range = { min: pageSizeMinOf(call, line), max: 100 };
  const page = readPageRequest(call.query, range, behaviour.pageSizeOutOfRange, refuse);
  const texts = [...call.holding.balances[line].keys()].map((currency) =>
    encodeBalance(call, line, currency),
  );
  const selection = toSelection(texts.filter((text) => text !== null));
  return pageAnswer(selection, page, (text) => text, { behaviour, line, refuse });
}

function readBalance(call: RouteCall, line: Line, word: string): Answer {
  const currency = readWrittenCurrency(word, call.store.behaviour);
  if (currency === null) throw refusalOf(line)('currency must be an ISO 4217 code');
  const text = encodeBalance(call, line, currency);
  if (text !== null) return jsonAnswer(200, text);
  if (call.store.behaviour.unknownCurrencyBalance === 'invalid') {
    throw refusalOf(line)(`no balance in ${currency}`);
  }
  throw new RefusedCall(typedError(400, 'not_found', 'balance_not_found', `no balance in ${currency}`));
}

function encodeBalance({ holding, store }: RouteCall, line: Line, currency: string): string | null {
  const { banking, issuing, payment }: { [L in Line]: Map<string, BalanceRecords[L]> } = holding.balances;
  switch (line) {
    case 'banking': {
      const record = banking.get(currency);
      return record === undefined ? null : encodeBankingBalance(withWrittenCurrency(record, store.behaviour));
    }
    case 'issuing': {
      const record = issuing.get(currency);
      return record === undefined
        ? null
        : encodeIssuingBalance(
            withWrittenCurrency(record, store.behaviour),
            store.behaviour.issuingAmountsAs,
          );
    }
    case 'payment': {
      const record = payment.get(currency);
      return record === undefined ? null : encodePaymentBalance(withWrittenCurrency(record, store.behaviour));
    }
  }
}

const retrieveBodySchema = z.object({ currency: z.string() });

/** Reads the body `{"currency": "USD"}` of the POST (section 4.3). */
function readBodyCurrency({ contentType, body }: RouteCall): string {
  if (!/^application\/json\b/i.test(contentType)) {
    throw invalidIssuingRequest('Content-Type must be application/json');
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidIssuingRequest('the body must be JSON');
  }
  const parsed = retrieveBodySchema.safeParse(value);
  if (!parsed.success) throw invalidIssuingRequest('currency is required');
  return parsed.data.currency;
}
