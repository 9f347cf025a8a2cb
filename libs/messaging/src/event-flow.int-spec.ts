import { type TestDatabase, type TestTopics, eventually, freshDatabase, freshTopics } from '@slotmesh/testing';
import { CountingService, type CountingSettings } from './testing-processes/counting-service';
import { countingTables } from './testing-processes/counting-tables';
import { countingTopics } from './testing-processes/ticks';

describe('events from a commit to a handler', () => {
  let database: TestDatabase;
  let topics: TestTopics;
  const open: CountingService[] = [];
  const service = async (more: Partial<CountingSettings> = {}): Promise<CountingService> => {
    const made = await new CountingService({ service: 'counting', workerUrl: database.workerUrl, brokers: topics.brokers, topicPrefix: topics.prefix, ...more }).open();
    open.push(made);
    return made;
  };

  beforeEach(async () => {
    [database, topics] = await Promise.all([freshDatabase('counting', countingTables('counting')), freshTopics({ names: countingTopics })]);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await Promise.all([database.drop(), topics.drop()]);
  });

  it('P9: brings every committed event to its handler, in order per key', async () => {
    const counting = await service();
    counting.startRelay();
    await counting.consume();
    for (let n = 1; n <= 20; n++) await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => counting.tick(key, n)));
    await eventually('all handled', async () => [...(await counting.effects()).values()].flat().length >= 100);
    for (const numbers of (await counting.effects()).values()) expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await eventually('idle', async () => (await counting.messaging.idle.state()).idle);
  });
});
