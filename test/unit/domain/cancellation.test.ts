import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { Cancellation, type CancelSignal } from '../../../src/domain/cancellation.ts';

const pairs: readonly (readonly [string, () => { signal: CancelSignal; abort(reason: unknown): void }])[] = [
  [
    'ours',
    () => {
      const signal = new Cancellation();
      return { signal, abort: (reason) => signal.abort(reason) };
    },
  ],
  [
    "Node's",
    () => {
      const controller = new AbortController();
      return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
    },
  ],
];

test.each(pairs)('%s runs its listeners once, in order, with the first reason', (_, open) => {
  const { signal, abort } = open();
  const ran: unknown[] = [];
  const dropped = () => ran.push('dropped');
  const removed = () => ran.push('removed meanwhile');
  const first = () => {
    ran.push('first', signal.aborted, signal.reason);
    signal.removeEventListener('abort', removed);
    abort('again');
  };
  signal.addEventListener('abort', first);
  signal.addEventListener('abort', dropped);
  signal.addEventListener('abort', first);
  signal.addEventListener('abort', removed);
  signal.addEventListener('abort', () => ran.push('last'));
  signal.removeEventListener('abort', dropped);
  expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
  abort('why');
  abort('again');
  signal.addEventListener('abort', () => ran.push('too late'));
  expect(ran).toEqual(['first', true, 'why', 'last']);
  expect(signal.reason).toBe('why');
});

test('one that throws does not stop the others, and is reported to the process', () => {
  const file = new URL('../../../src/domain/cancellation.ts', import.meta.url);
  const script = `
    import { Cancellation } from '${file}';
    process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
    const signal = new Cancellation();
    signal.addEventListener('abort', () => { throw new Error('first'); });
    signal.addEventListener('abort', () => console.log('second'));
    signal.abort();
    console.log('aborted');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout).toBe('second\naborted\nuncaught first\n');
});
