import { Kafka, type Producer, logLevel } from 'kafkajs';
import { type OutboxRow, headersOf } from '../cloud-event';
import { Ticked } from './ticks';

/** Writes records past the relay: duplicates, gaps and poison. */
export class RawTopic {
  private readonly producer: Producer;

  constructor(brokers: readonly string[], private readonly prefix: string) {
    this.producer = new Kafka({ brokers: [...brokers], clientId: 'raw', logLevel: logLevel.NOTHING }).producer();
  }
  async open(): Promise<this> {
    await this.producer.connect();
    return this;
  }
  close(): Promise<void> {
    return this.producer.disconnect();
  }

  /** A record as the relay would write it, with what the test wants different. */
  async send(key: string | null, sequence: number, change: { value?: string | null; headers?: Record<string, string>; type?: string } = {}): Promise<void> {
    const row: OutboxRow = {
      id: '0', lane: 0, topic: Ticked.topic, key: key ?? '', sequence: String(sequence), event_id: `raw-${sequence}`, type: change.type ?? Ticked.type, source: 'counting', time: new Date(),
      host: 'harbor', booking: null, traceparent: null, payload: JSON.stringify({ n: sequence }),
    };
    const value = change.value === undefined ? row.payload : change.value;
    await this.producer.send({ topic: this.prefix + Ticked.topic, messages: [{ key, value, headers: { ...headersOf(row), ...change.headers } }] });
  }
}
