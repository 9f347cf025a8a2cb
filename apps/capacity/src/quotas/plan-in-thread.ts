import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { planQuotas } from './domain/plan-quotas';
import type { QuotaInputs } from './domain/quota-inputs';
import type { QuotaSolution } from './domain/quota-solution';

export interface QuotaTask {
  readonly inputs: QuotaInputs;
  readonly seconds: number;
}

/** For starting the thread, loading the solver and making slots whole, beside the solver's own limit. */
const BESIDE_SECONDS = 10;
const extension = extname(__filename);
/** Why: from sources a thread has to be told how TypeScript is loaded; built files need nothing. */
const execArgv = extension === '.ts' ? ['--require', join(__dirname, '../../../../tools/typescript/register.cjs')] : [];

/** Makes a plan in a thread of its own, so that requests are answered meanwhile. Never fails: where the solver ends without an answer, or not in time, the plan is made slot by slot. */
export function planInThread(task: QuotaTask): Promise<QuotaSolution> {
  return new Promise((resolve) => {
    const thread = new Worker(join(__dirname, `quota-thread${extension}`), { workerData: task, execArgv });
    let isDone = false;
    const end = (solution: () => QuotaSolution): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      resolve(solution());
      void thread.terminate();
    };
    const without = (failed: 'time-limit' | 'solver-failed') => () => planQuotas(task.inputs, () => ({ failed }));
    const timer = setTimeout(() => end(without('time-limit')), (task.seconds + BESIDE_SECONDS) * 1000);
    thread.once('message', (solution: QuotaSolution) => end(() => solution));
    thread.once('error', () => end(without('solver-failed')));
    thread.once('exit', () => end(without('solver-failed')));
  });
}
