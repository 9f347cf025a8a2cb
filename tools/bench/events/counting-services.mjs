import { loadTypeScript } from '../../typescript/load.mjs';

const processes = 'libs/messaging/src/testing-processes';

/** Databases of a publishing and a taking service, topics, and what makes services on them.
 * @typedef {Awaited<ReturnType<typeof prepare>>} Stage */
export async function prepare() {
  const { freshDatabase, freshTopics } = loadTypeScript('libs/testing/src/index.ts');
  const { countingTables } = loadTypeScript(`${processes}/counting-tables.ts`);
  const { countingTopics, Ticked } = loadTypeScript(`${processes}/ticks.ts`);
  const { CountingService, HOST } = loadTypeScript(`${processes}/counting-service.ts`);
  const [source, target, topics] = await Promise.all([freshDatabase('counting', countingTables('counting')), freshDatabase('counting', countingTables('counting')), freshTopics({ names: countingTopics, partitions: 6 })]);
  /** @type {{ close(): Promise<void> }[]} */
  const open = [];
  return {
    source, target, topics, Ticked, HOST,
    tickTopic: topics.prefix + Ticked.topic,
    settings: (/** @type {{ workerUrl: string }} */ database) => ({ service: 'counting', workerUrl: database.workerUrl, brokers: topics.brokers, topicPrefix: topics.prefix }),
    async service(/** @type {{ workerUrl: string }} */ database, /** @type {object} */ more = {}) {
      const made = await new CountingService({ service: 'counting', workerUrl: database.workerUrl, brokers: topics.brokers, topicPrefix: topics.prefix, ...more }).open();
      open.push(made);
      return made;
    },
    async clear() {
      await Promise.all(open.map((one) => one.close()));
      await Promise.all([source.drop(), target.drop(), topics.drop()]);
    },
  };
}
