import { join } from 'node:path';
import { answerFromThread, ThreadTimedOut } from '../threads/answer-from-thread';
import { planQuotas } from './domain/plan-quotas';
import type { QuotaInputs } from './domain/quota-inputs';
import type { QuotaSolution } from './domain/quota-solution';

export interface QuotaTask {
  readonly inputs: QuotaInputs;
  readonly seconds: number;
}

/** For starting the thread, loading the solver and making slots whole, beside the solver's own limit. */
const BESIDE_SECONDS = 10;

/** Makes a plan in a thread of its own. Never fails: where the solver ends without an answer, or not in time, the plan is made slot by slot. */
export function planInThread(task: QuotaTask): Promise<QuotaSolution> {
  return answerFromThread<QuotaSolution>(join(__dirname, 'quota-thread'), task, task.seconds + BESIDE_SECONDS)
    .catch((error: unknown) => planQuotas(task.inputs, () => ({ failed: error instanceof ThreadTimedOut ? 'time-limit' : 'solver-failed' })));
}
