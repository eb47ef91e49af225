import { startIbaneraAdapter } from '../integration/ibanera-adapter.fixture.ts';
import { startNoahAdapter } from '../integration/noah-adapter.fixture.ts';
import { startAdapter } from '../integration/uqpay-adapter.fixture.ts';
import { aBalance, createFakeProvider, master, money, sub } from '../support/fake-provider.ts';
import { type AdapterSubject, isWayTrouble, type Subject, type Trouble, wayTroubles } from './subject.ts';

/** The fake that other tests rely on. */
export async function startFake(): Promise<Subject> {
  const provider = createFakeProvider();
  return {
    provider,
    unknownAccount: sub('nobody'),
    setBalance(currency, amount) {
      const { balanceRecord } = provider;
      const at = balanceRecord.findIndex((row) => row.currency === currency);
      const row = aBalance(master, 'BANKING', currency, { available: money(amount, currency) });
      balanceRecord.splice(at === -1 ? balanceRecord.length : at, at === -1 ? 0 : 1, row);
    },
    dataCallCount: () => provider.calls.length,
    close: async () => {},
  };
}

export async function startUqpay(): Promise<AdapterSubject> {
  const { provider, control, sandbox, dataCalls, close } = await startAdapter();
  return {
    provider,
    unknownAccount: { provider: 'UQPAY', providerAccountId: '00000000-0000-4000-8000-000000000000' },
    setBalance: (currency, available_balance) =>
      control.setBalance('banking', sandbox.masterAccountId, currency, { available_balance }),
    dataCallCount: () => dataCalls().length,
    trouble(kind, times) {
      const common = { match: { path: /balances/ }, ...(times === undefined ? {} : { times }) };
      if (isWayTrouble(kind)) control.inject({ ...common, ...wayTroubles[kind] });
      else if (kind === 'reset' || kind === 'truncated') control.inject({ ...common, kind });
      else if (kind === 'html') control.inject({ ...common, kind: 'wrong-content-type' });
      else control.inject({ ...common, kind: 'status', status: Number(kind), shape: 'B' });
    },
    tokenCount: () => control.mintCount(),
    secrets: [sandbox.apiKey],
    close,
  };
}

export async function startIbanera(): Promise<AdapterSubject> {
  const { provider, control, sandbox, dataCalls, close } = await startIbaneraAdapter();
  return {
    provider,
    unknownAccount: { provider: 'IBANERA', providerAccountId: '17' },
    setBalance(currency, availableBalance) {
      const known = control.accounts().find(({ asset }) => asset === currency);
      if (known === undefined) control.addAccount({ asset: currency, availableBalance });
      else control.changeAccount(known.id, { availableBalance });
    },
    dataCallCount: () => dataCalls().length,
    trouble: (kind, times) => control.inject(toFault(kind, times)),
    tokenCount: () => control.loginCount(),
    secrets: [sandbox.password, sandbox.totpSecret],
    close,
  };
}

export async function startNoah(): Promise<AdapterSubject> {
  const { provider, control, sandbox, close } = await startNoahAdapter();
  return {
    provider,
    unknownAccount: { provider: 'NOAH', providerAccountId: 'nobody' },
    setBalance: (currency, Available) => control.setBalance(currency, { Available }),
    dataCallCount: () => control.callCount(),
    trouble: (kind, times) => control.inject(toFault(kind, times)),
    // There are no tokens: every call is signed.
    tokenCount: () => 0,
    secrets: [sandbox.apiKey, sandbox.signingKeyPem?.slice(30, 60) ?? ''],
    close,
  };
}

function toFault(kind: Trouble, times: number | undefined) {
  const common = { match: { path: /balances/ }, ...(times === undefined ? {} : { times }) };
  if (isWayTrouble(kind)) return { ...common, ...wayTroubles[kind] };
  if (kind === 'reset' || kind === 'truncated') return { ...common, kind };
  if (kind === 'html') return { ...common, kind: 'wrong-content-type' as const };
  return { ...common, kind: 'status' as const, status: Number(kind), body: 'own' as const };
}
