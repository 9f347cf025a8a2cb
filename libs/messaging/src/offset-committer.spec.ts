import type { OffsetsByTopicPartition } from 'kafkajs';
import { OffsetCommitter } from './offset-committer';

describe('the offset committer', () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('sends what came while a commit was under way together, and only the last of each partition', async () => {
    const sent: OffsetsByTopicPartition[] = [];
    const commit = async (offsets: OffsetsByTopicPartition) => { sent.push(offsets); await settle(); };
    const committer = new OffsetCommitter();
    committer.done('a', 0, 1n, commit);
    committer.done('a', 0, 2n, commit);
    committer.done('a', 1, 7n, commit);
    committer.done('b', 0, 5n, commit);
    committer.done('a', 0, 3n, commit);
    await committer.stop();
    expect(sent).toEqual([
      { topics: [{ topic: 'a', partitions: [{ partition: 0, offset: '1' }] }] },
      { topics: [{ topic: 'a', partitions: [{ partition: 0, offset: '3' }, { partition: 1, offset: '7' }] }, { topic: 'b', partitions: [{ partition: 0, offset: '5' }] }] },
    ]);
  });

  it('tries a failed commit again with what is newer, and forgets when the group was joined anew', async () => {
    const sent: string[] = [];
    let fails = 1;
    const commit = async (offsets: OffsetsByTopicPartition) => {
      sent.push(offsets.topics.flatMap(({ partitions }) => partitions.map(({ offset }) => offset)).join());
      if (fails-- > 0) throw new Error('the coordinator is loading');
    };
    const committer = new OffsetCommitter(5);
    committer.done('a', 0, 1n, commit);
    await settle();
    expect(sent).toEqual(['1', '1']);
    fails = 1;
    committer.done('a', 0, 2n, commit);
    await Promise.resolve();
    committer.done('a', 1, 9n, commit);
    committer.forget();
    await settle();
    expect(sent).not.toContain('9');
    await committer.stop();
  });
});
