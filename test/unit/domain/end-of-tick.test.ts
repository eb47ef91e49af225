import { AsyncLocalStorage } from 'node:async_hooks';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { atEndOfTick, ownTick } from '../../../src/domain/end-of-tick.ts';

const endOfTurn = () => new Promise<void>(atEndOfTick);

describe('work of one event-loop tick', () => {
  test('continues together, step by step and in order of arrival', async () => {
    const steps: string[] = [];
    const goOn = async (name: string) => {
      await endOfTurn();
      for (const step of [1, 2, 3]) {
        steps.push(`${name}${step}`);
        await null;
      }
    };
    const all = [goOn('a'), goOn('b')];
    await null;
    all.push(goOn('c'));
    expect(steps).toEqual([]);
    await Promise.all(all);
    expect(steps.join(' ')).toBe('a1 b1 c1 a2 b2 c2 a3 b3 c3');
  });

  test('continues in the async context in which it waits, and runs its actions in none', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const goOn = async () => {
      await endOfTurn();
      seen.push(storage.getStore());
    };
    const all = [storage.run('a', goOn), storage.run('b', goOn)];
    storage.run('b', () => atEndOfTick(() => seen.push(storage.getStore())));
    await Promise.all(all);
    expect(seen).toEqual([undefined, 'a', 'b']);
  });

  test('continues after one throws, which is reported to the process', () => {
    const file = new URL('../../../src/domain/end-of-tick.ts', import.meta.url);
    const script = `
      import { atEndOfTick } from '${file}';
      process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
      atEndOfTick(() => { throw new Error('first'); });
      atEndOfTick(() => console.log('second'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('second\nuncaught first\n');
  });

  test('does not wait for work added meanwhile, which is done in the next tick', async () => {
    const steps: string[] = [];
    await endOfTurn();
    const next = endOfTurn().then(() => steps.push('next'));
    atEndOfTick(() => {
      steps.push('this');
      atEndOfTick(() => steps.push('later'));
    });
    await next;
    expect(steps).toEqual(['this', 'next']);
    await endOfTurn();
    expect(steps).toEqual(['this', 'next', 'later']);
  });
});

test('separate ticks are granted one at a time, in order of request', async () => {
  const steps: string[] = [];
  const all = ['a', 'b', 'c'].map((name) => ownTick().then(() => steps.push(name)));
  for (const soFar of [[], ['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    expect(steps).toEqual(soFar);
    await new Promise(setImmediate);
  }
  await Promise.all(all);
});
