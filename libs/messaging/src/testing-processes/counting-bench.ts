import { type TestDatabase, type TestTopics, freshDatabase, freshTopics } from '@slotmesh/testing';
import { CountingService, type CountingSettings } from './counting-service';
import { countingTables } from './counting-tables';
import { RawTopic } from './raw-topic';
import { countingTopics } from './ticks';

/** A database, topics and any number of counting services on them, for one test. */
export class CountingBench {
  private readonly open: { close(): Promise<void> }[] = [];

  private constructor(readonly database: TestDatabase, readonly topics: TestTopics) {}

  static async set(): Promise<CountingBench> {
    const [database, topics] = await Promise.all([freshDatabase('counting', countingTables('counting')), freshTopics({ names: countingTopics })]);
    return new CountingBench(database, topics);
  }

  async service(more: Partial<CountingSettings> = {}): Promise<CountingService> {
    const made = await new CountingService({
      service: 'counting', workerUrl: this.database.workerUrl, brokers: this.topics.brokers, topicPrefix: this.topics.prefix, ...more,
      options: { consumer: { sessionMs: 6_000, maxWaitMs: 250 }, retry: { pollMs: 50, firstMs: 50, maxMs: 400, attempts: 6 }, onFatal: (error) => { throw error; }, ...more.options },
    }).open();
    this.open.push(made);
    return made;
  }

  async raw(): Promise<RawTopic> {
    const raw = await new RawTopic(this.topics.brokers, this.topics.prefix).open();
    this.open.push(raw);
    return raw;
  }

  async clear(): Promise<void> {
    await Promise.all(this.open.splice(0).map((one) => one.close()));
    await Promise.all([this.database.drop(), this.topics.drop()]);
  }
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
