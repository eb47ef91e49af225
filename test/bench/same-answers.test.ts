// `npm run bench` without the clock: the gateway, its cache, the bare servers and the peers return identical answers,
// and each answer costs exactly the calls it needs.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { checkContender } from '../../bench/harness/check.ts';
import { type ContenderName, type Field, openField } from '../../bench/harness/contenders.ts';
import { startPeers } from '../../bench/harness/peers.ts';
import { workloads } from '../../bench/workloads.ts';

jest.setTimeout(120_000);

let field: Field;

beforeAll(async () => {
  field = await openField(startPeers);
});

afterAll(() => field?.close());

test.each(workloads.map((workload) => [workload.name, workload] as const))('%s', async (_name, workload) => {
  const check = async (name: ContenderName, lanesMax?: number) => {
    const contender = field.contenders.get(name);
    if (contender === undefined) throw new Error(`${name} is not in the field`);
    const { answers, callsPerAnswer } = await checkContender(workload, contender, field, lanesMax);
    return { answers: answers.map((answer) => JSON.parse(answer)), callsPerAnswer };
  };
  const limit = await check('limit');
  expect(limit.callsPerAnswer).toBe(workload.callsPerAnswer);
  expect(await check('limit over got')).toEqual(limit);
  expect(await check('gateway')).toEqual(limit);
  expect(await check('gateway within 512 MB')).toEqual(limit);
  expect(await check('limit in memory')).toEqual({ ...limit, callsPerAnswer: 0 });
  expect(await check('gateway from memory')).toEqual({ ...limit, callsPerAnswer: 0 });
  expect(await check('gateway, made anew from memory')).toEqual({ ...limit, callsPerAnswer: 0 });
  // The bench compares every lane of the peers.
  const firstLanes = { ...limit, answers: limit.answers.slice(0, 4) };
  expect(await check('yoga', 4)).toEqual(firstLanes);
  expect(await check('yoga with response cache', 4)).toEqual({ ...firstLanes, callsPerAnswer: 0 });
  const callsOfApollo = { W1: 1, W2: 11, W3: 41, W4: 51, W5: 1, W6: 1 }[workload.name];
  expect(await check('apollo', 4)).toEqual({ ...firstLanes, callsPerAnswer: callsOfApollo });
});

test('the workloads need 1, 2, 41, 2, 1 and 1 upstream calls', () => {
  expect(workloads.map(({ callsPerAnswer }) => callsPerAnswer)).toEqual([1, 2, 41, 2, 1, 1]);
});
