// Quotas of DESIGN section 9: a weekly plan of 15 practices, 8 weeks and 4 services from its inputs to whole slots in a thread of its own, beside highs alone, which solves the same two stages from ready-made text in a thread of its own.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { loadTypeScript } from '../typescript/load.mjs';

export const name = 'quotas';

const wantedRatio = 1.3;
const require = createRequire(import.meta.url);
const alone = `
  const { parentPort, workerData } = require('node:worker_threads');
  require(workerData.highs)().then((highs) => parentPort.postMessage(workerData.texts.map((text) => highs.solve(text, { output_flag: false }).ObjectiveValue)));
`;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run({ note, size }) {
  const { planInThread } = loadTypeScript('apps/capacity/src/quotas/plan-in-thread.ts');
  const { sampleQuotas } = loadTypeScript('apps/capacity/src/quotas/domain/sample-quotas.ts');
  const { modelOf } = loadTypeScript('apps/capacity/src/quotas/domain/quota-model.ts');
  const { problemOf } = loadTypeScript('apps/capacity/src/quotas/domain/quota-problem.ts');
  const { highs, solveByHighs, secondStage } = loadTypeScript('apps/capacity/src/quotas/solve-by-highs.ts');
  const turns = size === 'small' ? 3 : 9;
  const inputs = sampleQuotas({ practices: 15, weeks: 8, services: 4, seed: 7 });
  const model = modelOf(problemOf(inputs));
  const solver = await highs();
  const { leastWorstUnmetShare } = solveByHighs(solver, model, 600);
  const texts = [model, secondStage(model, leastWorstUnmetShare)].map((stage) => solver.withModel(stage, (/** @type {{ exportModel: (format: string) => string }} */ one) => one.exportModel('lp')));
  const bare = () => new Promise((resolve, reject) => new Worker(alone, { eval: true, workerData: { highs: require.resolve('highs'), texts } }).once('message', resolve).once('error', reject));
  /** @type {{ bare: number[], ours: number[] }} */
  const seconds = { bare: [], ours: [] };
  let plan = null;
  // Why in turns: whatever else the machine does falls on both.
  for (let turn = 0; turn < turns; turn++) {
    seconds.bare.push(await secondsOf(bare));
    seconds.ours.push(await secondsOf(async () => { plan = await planInThread(inputs, 600); }));
  }
  const [limit, measured] = [median(seconds.bare), median(seconds.ours)];
  const { without, with: reached, method } = /** @type {any} */ (plan);
  note(`${model.numCols} variables, ${model.numRows} rows; worst unmet share ${percent(without.worstUnmetShare)} -> ${percent(reached.worstUnmetShare)} in whole slots (${percent(leastWorstUnmetShare)} with parts of slots), unmet ${without.unmet} -> ${reached.unmet}, by ${method}`);
  return [{ what: 'weekly quota plan, 15 practices x 8 weeks x 4 services', measured: `${measured.toFixed(2)} s`, limit: `${limit.toFixed(2)} s (highs alone, the same two stages)`, ratio: measured / limit, wanted: `< ${wantedRatio}`, holds: measured / limit < wantedRatio }];
}

/** @param {() => Promise<unknown>} work */
async function secondsOf(work) {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(1)} %`;
