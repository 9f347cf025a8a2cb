import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const AT_ONCE = 100;

/** What other services publish, record by record as their relay would: again until the broker has it. A second copy has the same sequence, and the inbox drops it.
 * @param {{ brokers: string[], prefix: string }} topics */
export async function neighbours(topics) {
  const kafka = new Kafka({ brokers: topics.brokers, clientId: 'proof', logLevel: logLevel.NOTHING, retry: { retries: 2 } });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return {
    /** @param {{ definition: any, key: string, host: string, booking?: string, sequence: number, time: number, data: unknown }[]} events of one topic; no key twice */
    async publish(events) {
      for (let from = 0; from < events.length; from += AT_ONCE) {
        const batch = events.slice(from, from + AT_ONCE);
        const messages = batch.map(({ definition, key, host, booking, sequence, time, data }) => ({
          key, value: JSON.stringify(data),
          headers: {
            'content-type': 'application/json', ce_specversion: '1.0', ce_id: randomUUID(), ce_source: definition.type.split('.')[0], ce_type: definition.type, ce_time: new Date(time).toISOString(),
            ce_partitionkey: key, ce_sequence: String(sequence), ce_host: host, ...(booking ? { ce_booking: booking } : {}),
          },
        }));
        for (;;) {
          try {
            await producer.send({ topic: topics.prefix + batch[0].definition.topic, acks: -1, messages });
            break;
          } catch {
            await new Promise((done) => setTimeout(done, 250));
            await producer.connect().catch(() => undefined);
          }
        }
      }
    },
    close: () => producer.disconnect(),
  };
}

/** Everything that stands on a topic now. @param {{ brokers: string[], prefix: string }} topics @param {string} name @returns {Promise<{ key: string, type: string, sequence: number, data: any }[]>} */
export async function readTopic(topics, name) {
  const topic = topics.prefix + name;
  const kafka = new Kafka({ brokers: topics.brokers, clientId: 'proof', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map((await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]));
  await admin.disconnect();
  const records = [];
  if (ends.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `${topic}-proof-${randomUUID()}`, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((done, fail) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
    void consumer.run({
      eachMessage: async ({ partition, message }) => {
        const header = (/** @type {string} */ key) => message.headers?.[key]?.toString() ?? '';
        records.push({ key: message.key?.toString() ?? '', type: header('ce_type'), sequence: Number(header('ce_sequence')), data: JSON.parse(message.value?.toString() ?? 'null') });
        if (Number(message.offset) + 1 >= (ends.get(partition) ?? 0)) ends.delete(partition);
        if (ends.size === 0) done(undefined);
      },
    });
  });
  await consumer.disconnect();
  return records;
}
