// Timers and sends of DESIGN section 9: claims beside plain DELETE, planning and voiding, due -> request at the provider, a restart with a long backlog. `--size small` to try it.
import { backlog } from './timers/backlog.mjs';
import { store } from './timers/store.mjs';
import { wayOut } from './timers/way-out.mjs';

export const name = 'timers';

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run(context) {
  const small = context.size === 'small';
  const { databaseUrl, kafkaBrokers } = await context.servers();
  process.env.TEST_DATABASE_URL = databaseUrl;
  process.env.TEST_KAFKA_BROKERS = kafkaBrokers;
  return [
    ...(await store(context, small ? { pending: 200_000, due: 20_000, visits: 500 } : { pending: 5_000_000, due: 100_000, visits: 5_000 })),
    ...(await wayOut(context, { perSecond: 10, seconds: small ? 10 : 40 })),
    ...(await wayOut(context, small ? { perSecond: 50, seconds: 10 } : { perSecond: 200, seconds: 20 })),
    ...(await backlog(context, small ? { overdue: 5_000, rate: 25, seconds: 15 } : { overdue: 100_000, rate: 50, seconds: 60 })),
  ];
}
