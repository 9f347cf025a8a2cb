// Event figures of DESIGN section 9: commit -> handled, relay throughput, consumer throughput, each beside its limit.
import { prepare } from './events/counting-services.mjs';
import { consumerThroughput } from './events/consumer-throughput.mjs';
import { latency } from './events/latency.mjs';
import { relayThroughput } from './events/relay-throughput.mjs';

export const name = 'events';

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run(context) {
  const { databaseUrl, kafkaBrokers } = await context.servers();
  process.env.TEST_DATABASE_URL = databaseUrl;
  process.env.TEST_KAFKA_BROKERS = kafkaBrokers;
  const figures = [];
  for (const measure of [latency, relayThroughput, consumerThroughput]) {
    const stage = await prepare();
    try {
      figures.push(...(await measure(stage, context)));
    } finally {
      await stage.clear();
    }
  }
  return figures;
}
