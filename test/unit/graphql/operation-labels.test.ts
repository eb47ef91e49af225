import { expect, test } from '@jest/globals';
import { createOperationLabels } from '../../../src/graphql/operation-labels.ts';
import { asPartOfLongText, heapKept } from '../../support/heap-kept.ts';

test('labels do not keep the requests they came from alive', () => {
  const labels = createOperationLabels();
  const seen: string[] = [];
  const nameOf = (index: number) => asPartOfLongText(`BalancesOfAccount${index}`);
  const kept = heapKept(() => {
    for (let index = 0; index < 30; index++) {
      seen.push(labels.labelOf(nameOf(index), true), labels.labelOf(nameOf(index), false));
    }
  });
  expect(kept).toBeLessThan(5_000_000);
  expect(seen.slice(0, 3)).toEqual(['BalancesOfAccount0', 'BalancesOfAccount0', 'BalancesOfAccount1']);
});
