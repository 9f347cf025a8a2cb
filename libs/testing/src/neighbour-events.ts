import { randomUUID } from 'node:crypto';
import type { EventData, EventDefinition, EventWire } from '@slotmesh/contracts';
import { type Instant, formatInstant, parseInstant } from '@slotmesh/kernel';
import { Kafka, logLevel } from 'kafkajs';
import type { TestTopics } from './kafka';

/** Who an event belongs to; `time` is its domain time. */
export interface NeighbourEvent {
  readonly key: string;
  readonly host: string | null;
  readonly booking?: string | null;
  readonly time: Instant;
}

export interface Gathered<D extends EventDefinition> {
  readonly key: string;
  readonly sequence: number;
  readonly host: string | null;
  /** Its domain time. */
  readonly time: Instant;
  readonly data: EventData<D>;
}

export interface NeighbourEvents {
  /** Publishes a fact as its owner would: CloudEvents binary mode, `sequence` without gaps per topic and key. */
  publish<D extends EventDefinition>(definition: D, event: NeighbourEvent, data: EventWire<D>): Promise<void>;
  /** What has been published of this kind so far, by anybody under test. */
  gathered<D extends EventDefinition>(definition: D): Gathered<D>[];
  stop(): Promise<void>;
}

/** The other services as one service sees them: it hears what they publish, they hear what it publishes on `listenTo`. */
export async function neighbourEvents(topics: TestTopics, listenTo: readonly EventDefinition[]): Promise<NeighbourEvents> {
  const kafka = new Kafka({ brokers: topics.brokers, clientId: 'neighbours', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: `${topics.prefix}neighbours`, maxWaitTimeInMs: 250 });
  const sequences = new Map<string, number>();
  const records: { type: string; key: string; sequence: number; host: string | null; time: Instant; value: unknown }[] = [];
  await Promise.all([producer.connect(), consumer.connect()]);
  const names = [...new Set(listenTo.map((definition) => topics.prefix + definition.topic))];
  if (names.length > 0) {
    await consumer.subscribe({ topics: names, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const header = (name: string): string | null => message.headers?.[name]?.toString() ?? null;
        records.push({ type: header('ce_type') ?? '', key: message.key?.toString() ?? '', sequence: Number(header('ce_sequence')), host: header('ce_host'), time: parseInstant(header('ce_time') ?? ''), value: JSON.parse(message.value?.toString() ?? 'null') });
      },
    });
  }
  return {
    async publish(definition, event, data) {
      const place = `${definition.topic}/${event.key}`;
      const sequence = (sequences.get(place) ?? 0) + 1;
      sequences.set(place, sequence);
      await producer.send({
        topic: topics.prefix + definition.topic,
        acks: -1,
        messages: [{
          key: event.key,
          value: JSON.stringify(data),
          headers: {
            'content-type': 'application/json', ce_specversion: '1.0', ce_id: randomUUID(), ce_source: definition.type.split('.')[0] ?? 'neighbour', ce_type: definition.type, ce_time: formatInstant(event.time),
            ce_partitionkey: event.key, ce_sequence: String(sequence), ...(event.host === null ? {} : { ce_host: event.host }), ...(event.booking ? { ce_booking: event.booking } : {}),
          },
        }],
      });
    },
    gathered: <D extends EventDefinition>(definition: D) =>
      records.filter((record) => record.type === definition.type).map(({ key, sequence, host, time, value }): Gathered<D> => ({ key, sequence, host, time, data: definition.schema.parse(value) as EventData<D> })),
    async stop() {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}
