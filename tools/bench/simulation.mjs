// A year of a partnership of six practices, simulated 60 times in one thread.
import { loadTypeScript } from '../typescript/load.mjs';

export const name = 'simulation';

const practices = 6;
const wantedSeconds = 10;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run({ size }) {
  const { everybodyReaches, usualBehaviour, usualRules } = loadTypeScript('apps/capacity/src/simulation/domain/partnership.ts');
  const { Trial } = loadTypeScript('apps/capacity/src/simulation/domain/trial.ts');
  const runs = size === 'small' ? 10 : 60;
  const partnership = { practices: everybodyReaches(Array.from({ length: practices }, (_, p) => ({ id: `p${p}`, slotsPerDay: 20, load: 0.88 + 0.04 * p }))), rules: usualRules, behaviour: usualBehaviour };
  const begun = process.hrtime.bigint();
  Trial.run(partnership, { runs, seed: 1 });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  return [{ what: `${runs} simulated years of ${practices} practices, 20 slots a day each, one thread, with as long a time before each that is not counted`, measured: `${seconds.toFixed(2)} s`, limit: '-', ratio: null, wanted: `< ${wantedSeconds} s`, holds: seconds < wantedSeconds }];
}
