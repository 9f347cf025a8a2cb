import { randomBytes } from 'node:crypto';
import { topics } from '@slotmesh/contracts';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { eventually } from './eventually';
import { testServers } from './test-servers';

export interface TestTopics {
  readonly brokers: string[];
  /** KAFKA_TOPIC_PREFIX for everything that takes part in this test. */
  readonly prefix: string;
  /** Removes the topics. */
  drop(): Promise<void>;
}

export const uniqueTopicPrefix = (): string => `t${randomBytes(5).toString('hex')}.`;

/** The topics of the contracts, or some of them, under a prefix of their own; they have leaders when this returns. */
export async function freshTopics(options: { readonly names?: readonly string[]; readonly partitions?: number; readonly prefix?: string } = {}): Promise<TestTopics> {
  const { brokers } = testServers();
  const prefix = options.prefix ?? uniqueTopicPrefix();
  const names = (options.names ?? Object.values(topics)).map((name) => prefix + name);
  await withAdmin(brokers, async (admin) => {
    await admin.createTopics({ waitForLeaders: false, topics: names.map((topic) => ({ topic, numPartitions: options.partitions ?? 3, replicationFactor: 1 })) });
    // Why not kafkajs's own waiting: it fails where the broker has not heard of the new topic yet.
    await eventually('the topics have leaders', async () => (await admin.fetchTopicMetadata({ topics: names })).topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)));
  });
  return { brokers, prefix, drop: () => withAdmin(brokers, (admin) => admin.deleteTopics({ topics: names, timeout: 10_000 })) };
}

async function withAdmin(brokers: string[], work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Kafka({ brokers, clientId: 'tests', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
