import { topics } from '@slotmesh/contracts';
import { plannedTopics, topicsIn } from './topics.mjs';

describe('infra/kafka/topics.json', () => {
  it('has exactly the topics of the contracts', () => {
    expect(plannedTopics().map(({ name }) => name).sort()).toEqual(Object.values(topics).sort());
  });

  it('keeps every record of every topic', () => {
    for (const { config } of plannedTopics()) expect(config).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' });
  });
});

describe('topicsIn', () => {
  it("lets a topic's own settings win over the defaults", () => {
    expect(topicsIn({ defaults: { partitions: 6, config: { a: '1', b: '1' } }, topics: { x: {}, y: { partitions: 1, config: { b: '2' } } } })).toEqual([
      { name: 'x', partitions: 6, config: { a: '1', b: '1' } },
      { name: 'y', partitions: 1, config: { a: '1', b: '2' } },
    ]);
  });
});
