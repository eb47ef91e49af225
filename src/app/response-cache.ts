import type { Config } from '../config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnswerMemory, ReadRecall } from '../ports/response-cache.ts';
import { createAnswerMemory } from '../server/response-cache.ts';

/** Whole answers take up to this share of the room for reads, on top of it. */
const roomShare = 1 / 4;

/** The memory for whole answers; null where no read may be shown twice, so no answer either. */
export function openAnswerMemory({ memory }: Config, recall: ReadRecall, clock: Clock): AnswerMemory | null {
  const maxAges = [memory.balanceMaxAgeSeconds, memory.transactionMaxAgeSeconds, memory.accountMaxAgeSeconds];
  if (Math.max(...maxAges) === 0) return null;
  const bytesMax = Math.ceil(memory.bytesMax * roomShare);
  return createAnswerMemory({ recall, now: () => clock.now(), bytesMax });
}
