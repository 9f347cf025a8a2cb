import { parentPort, workerData } from 'node:worker_threads';
import { planQuotas } from './domain/plan-quotas';
import { highs, solveByHighs } from './solve-by-highs';
import type { QuotaTask } from './plan-in-thread';

/** Begun by plan-in-thread.ts: makes one plan and ends. */
async function run({ inputs, seconds }: QuotaTask): Promise<void> {
  const solver = await highs();
  parentPort?.postMessage(planQuotas(inputs, (model) => solveByHighs(solver, model, seconds)));
}
void run(workerData);
