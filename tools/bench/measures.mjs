// Figures of capacity planning: dashboards over two years of 20 practices, and reading every event anew beside plain inserts of the same rows.
import { loadTypeScript } from '../typescript/load.mjs';
import { dashboards } from './measures/dashboards.mjs';
import { rebuild } from './measures/rebuild.mjs';

export const name = 'measures';

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run(context) {
  const { databaseUrl, kafkaBrokers } = await context.servers();
  process.env.TEST_DATABASE_URL = databaseUrl;
  process.env.TEST_KAFKA_BROKERS = kafkaBrokers;
  const { RunningCapacity } = loadTypeScript('apps/capacity/test/running-capacity.ts');
  const figures = [];
  for (const measure of [dashboards, rebuild]) {
    const capacity = await RunningCapacity.start();
    try {
      figures.push(...(await measure(capacity, context)));
    } finally {
      await capacity.stop();
    }
  }
  return figures;
}
