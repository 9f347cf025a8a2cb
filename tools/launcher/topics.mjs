import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { Trouble } from './trouble.mjs';

/** @typedef {{ name: string, partitions: number, config: Record<string, string> }} TopicPlan */

/** The topics as infra/kafka/topics.json names them. @returns {TopicPlan[]} */
export const plannedTopics = () => topicsIn(JSON.parse(readFileSync(join(root, 'infra', 'kafka', 'topics.json'), 'utf8')));

/** @param {{ defaults: { partitions: number, config: Record<string, string> }, topics: Record<string, { partitions?: number, config?: Record<string, string> }> }} file @returns {TopicPlan[]} */
export const topicsIn = ({ defaults, topics }) =>
  Object.entries(topics).map(([name, own]) => ({ name, partitions: own.partitions ?? defaults.partitions, config: { ...defaults.config, ...own.config } }));

const LEADERS_WITHIN_MS = 30_000;

/** Waits until new topics can be written to. Why not kafkajs's own waiting: it fails where the broker has not heard of a new topic yet.
 * @param {import('kafkajs').Admin} admin @param {string[]} names */
async function leadersOf(admin, names) {
  for (const end = Date.now() + LEADERS_WITHIN_MS; names.length > 0; ) {
    const found = await admin.fetchTopicMetadata({ topics: names }).catch(() => ({ topics: [] }));
    if (found.topics.length === names.length && found.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))) return;
    if (Date.now() > end) throw new Trouble(`Kafka made the topics, but they have no leader after ${LEADERS_WITHIN_MS / 1_000} s. Look at .slotmesh/logs/kafka.log.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Makes missing topics and brings settings in line. Throws where the number of partitions differs: a key would change its partition and its order.
 * @param {string} brokers @param {TopicPlan[]} [plan] */
export async function prepareTopics(brokers, plan = plannedTopics()) {
  const { Kafka, ConfigResourceTypes, logLevel } = (await import('kafkajs')).default;
  const admin = new Kafka({ clientId: 'launcher', brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect().catch((error) => { throw new Trouble(`Kafka at ${brokers} does not answer: ${error.message}`); });
  try {
    const there = new Set(await admin.listTopics());
    const missing = plan.filter(({ name }) => !there.has(name));
    if (missing.length > 0) await admin.createTopics({ waitForLeaders: false, topics: missing.map(({ name, partitions, config }) => ({ topic: name, numPartitions: partitions, configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })) })) });
    await leadersOf(admin, missing.map(({ name }) => name));
    const kept = plan.filter(({ name }) => there.has(name));
    if (!kept.length) return;
    const { topics } = await admin.fetchTopicMetadata({ topics: kept.map(({ name }) => name) });
    for (const { name, partitions } of topics) {
      const planned = kept.find((topic) => topic.name === name)?.partitions;
      if (partitions.length !== planned) throw new Trouble(`Topic ${name} has ${partitions.length} partitions, infra/kafka/topics.json says ${planned}.\nEvents of one key would lose their order. Move them to a new version of the topic, or "npm run reset".`);
    }
    await admin.alterConfigs({ validateOnly: false, resources: kept.map(({ name, config }) => ({ type: ConfigResourceTypes.TOPIC, name, configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })) })) });
  } finally {
    await admin.disconnect();
  }
}
