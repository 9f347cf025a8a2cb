import kafkajs from 'kafkajs';

const { Kafka, Partitioners, logLevel } = kafkajs;

/** kafkajs with nothing around it. @param {readonly string[]} brokers @param {string} topic */
export async function openRaw(brokers, topic) {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  /** @type {import('kafkajs').Consumer | undefined} */
  let consumer;
  return {
    producer, topic,
    async consume(/** @type {(message: import('kafkajs').KafkaMessage) => void} */ take) {
      consumer = kafka.consumer({ groupId: `${topic}-raw`, maxWaitTimeInMs: 300 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ eachBatch: async ({ batch }) => batch.messages.forEach(take) });
    },
    async close() {
      await Promise.all([producer.disconnect(), consumer?.disconnect()]);
    },
  };
}
