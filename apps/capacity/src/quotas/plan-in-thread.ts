import { join } from 'node:path';
import { answerFromThread, ThreadTimedOut } from '../threads/answer-from-thread';
import type { QuotaInputs } from './domain/quota-inputs';
import type { QuotaSolution, Relaxation } from './domain/quota-solution';

export interface QuotaTask {
  readonly inputs: QuotaInputs;
  /** For how long the programme may be solved; or why it is not. */
  readonly solve: { readonly seconds: number } | Extract<Relaxation, { failed: unknown }>;
}

/** For starting a thread, loading the solver and making slots whole, beside the solver's own limit; and for a plan slot by slot. */
const BESIDE_SECONDS = 10;

/** Makes a plan in a thread of its own. Where the solver ends without an answer, or not in time, the plan is made slot by slot, in another. Throws ThreadTimedOut where there is no time for that either. */
export async function planInThread(inputs: QuotaInputs, seconds: number): Promise<QuotaSolution> {
  const planned = (solve: QuotaTask['solve'], most: number): Promise<QuotaSolution> => answerFromThread<QuotaSolution>(join(__dirname, 'quota-thread'), { inputs, solve } satisfies QuotaTask, most);
  try {
    return await planned({ seconds }, seconds + BESIDE_SECONDS);
  } catch (error) {
    return planned({ failed: error instanceof ThreadTimedOut ? 'time-limit' : 'solver-failed' }, BESIDE_SECONDS);
  }
}
