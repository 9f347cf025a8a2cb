import { parentPort, workerData } from 'node:worker_threads';
import { planQuotas } from './domain/plan-quotas';
import type { QuotaSolution } from './domain/quota-solution';
import { highs, solveByHighs } from './solve-by-highs';
import type { QuotaTask } from './plan-in-thread';

/** Begun by plan-in-thread.ts: makes one plan and ends. */
async function run({ inputs, solve }: QuotaTask): Promise<void> {
  const plan = 'failed' in solve ? planQuotas(inputs, () => solve) : await solved(inputs, solve.seconds);
  parentPort?.postMessage(plan);
}

async function solved(inputs: QuotaTask['inputs'], seconds: number): Promise<QuotaSolution> {
  const solver = await highs();
  return planQuotas(inputs, (model) => solveByHighs(solver, model, seconds));
}
void run(workerData);
