import { createApplication } from '@slotmesh/platform';
import { KafkaEventStrategy, Messaging } from '@slotmesh/messaging';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { AppModule } from './app.module';
import type { CapacityConfig } from './config';
import { FoldCounts } from './visits/commands/fold-counts';

/** Rises when something is kept of events that was not kept before: what stands is then older than the build. */
const VERSION = 2;
/** What is kept while every event is read anew. */
const UNDER_WAY = 0;
/** All that is made from events. What people decided, and what was planned with them, is not among it. */
const TABLES = [
  'visit', 'visit_delta', 'visit_count', 'hold', 'offer_round', 'message_request', 'message_outcome', 'message_cost', 'practice', 'service', 'visit_type', 'agreement', 'supply_day', 'supply_since', 'supply_part', 'shared_day', 'access_snapshot', 'access_wait', 'network_wait',
  'empty_search', 'waiting', 'referral', 'recall', 'month_cell', 'month_changed',
];

/**
 * Reads every event anew, where what is kept of them is older than this build or `always`, and returns whether it did. Runs while no process of the service does, else ConsumersStillRun is thrown.
 * Where nothing was ever read there is nothing to read anew.
 */
export async function readAnew(config: CapacityConfig, { always = false } = {}): Promise<boolean> {
  // Why no worker: advice and models of half of the events would be told as if they were of all, and take the time of those that read.
  const app = await createApplication(AppModule.forRoot({ ...config, ROLE: 'api' }, {}, { lazyCommits: true }));
  try {
    const [work, messaging] = [app.get(UnitOfWork, { strict: false }), app.get(Messaging, { strict: false })];
    const note = (): Promise<unknown> => work.run(workerFor('read-models', null), async (tx) => {
      // This one waits for the disk, and all that came before it with it.
      await tx.execute('SET LOCAL synchronous_commit = on');
      await tx.execute('INSERT INTO read_model (version) VALUES ($1) ON CONFLICT (one) DO UPDATE SET version = excluded.version', [VERSION]);
    });
    const [kept, read] = await work.run(workerFor('read-models', null), async (tx) => [await tx.query<{ version: number }>('SELECT version FROM read_model'), await tx.query('SELECT FROM inbox LIMIT 1')]);
    const isOld = kept[0]?.version === UNDER_WAY || ((kept[0]?.version ?? 0) < VERSION && read.length > 0);
    if (!isOld && !always) {
      await note();
      return false;
    }
    const start = (): Promise<void> => messaging.rebuild(async (tx) => {
      await tx.execute('SET LOCAL statement_timeout = 0');
      // Beside it a note: what ends in the middle, with an empty inbox too, is begun again.
      await tx.execute('INSERT INTO read_model (version) VALUES ($1) ON CONFLICT (one) DO UPDATE SET version = excluded.version', [UNDER_WAY]);
      for (const table of TABLES) await tx.execute(`DELETE FROM ${table}`);
    });
    // Handlers are found as at every start; instead of going on reading it begins again, and ends at the ends of the topics.
    app.connectMicroservice<MicroserviceOptions>({ strategy: new KafkaEventStrategy(messaging.handlers, { start, stop: () => messaging.stop() }) }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    const counts = app.get(FoldCounts, { strict: false });
    while ((await counts.execute()) > 0);
    await note();
    return true;
  } finally {
    await app.close();
  }
}
