import type { Workload } from '../workloads.ts';
import { type Contender, type Field, questionsOf } from './contenders.ts';
import { ask } from './load.ts';

/** One contender's answers to one workload. */
export interface Checked {
  /** The answer of each lane. */
  readonly answers: readonly string[];
  /** Upstream calls per answer. */
  readonly callsPerAnswer: number;
}

/**
 * Queries a contender for every lane of a workload (or for the first `lanesMax`), one after another, twice, and
 * counts the upstream calls of the second time, when tokens are issued and caches are warm.
 */
export async function checkContender(
  workload: Workload,
  contender: Contender,
  { upstream }: Field,
  lanesMax = workload.laneCount,
): Promise<Checked> {
  const questions = questionsOf(workload, contender).slice(0, lanesMax);
  for (const question of questions) await ask(contender.pool, question);
  const before = await upstream.calls();
  const answers: string[] = [];
  for (const question of questions) answers.push(await ask(contender.pool, question));
  const calls = (await upstream.calls()) - before;
  return { answers, callsPerAnswer: calls / questions.length };
}

/** Upstream calls that a contender may make for one answer to a workload. */
function callsAllowed(workload: Workload, { callsUpstream, ownCalls }: Contender): number {
  return callsUpstream ? (ownCalls[workload.name] ?? workload.callsPerAnswer) : 0;
}

/**
 * The answers of each contender to a workload, by lane, after checking that all are identical and that each contender
 * makes only its allowed calls; otherwise throws with the difference.
 */
export async function checkWorkload(
  workload: Workload,
  contenders: readonly Contender[],
  field: Field,
): Promise<ReadonlyMap<Contender, readonly string[]>> {
  const checked = new Map<Contender, readonly string[]>();
  const [first] = contenders;
  for (const contender of contenders) {
    const { answers, callsPerAnswer } = await checkContender(workload, contender, field);
    const allowed = callsAllowed(workload, contender);
    if (callsPerAnswer !== allowed) {
      throw new Error(
        `${workload.name}: ${contender.name} made ${callsPerAnswer} calls per answer, not ${allowed}.`,
      );
    }
    for (const [lane, answer] of answers.entries()) {
      const agreed = first === undefined ? undefined : checked.get(first)?.[lane];
      // Apollo Server ends its answers with a line feed.
      if (agreed === undefined || answer.trimEnd() === agreed.trimEnd()) continue;
      throw new Error(
        `${workload.name}, lane ${lane}: ${contender.name} answered\n${answer}\nand not\n${agreed}`,
      );
    }
    checked.set(contender, answers);
  }
  return checked;
}
