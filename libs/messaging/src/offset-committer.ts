import { Logger } from '@nestjs/common';
import type { OffsetsByTopicPartition } from 'kafkajs';
import { pause } from './pause';

type Commit = (offsets: OffsetsByTopicPartition) => Promise<void>;
interface Place { readonly topic: string; readonly partition: number; readonly offset: bigint }

/**
 * Commits offsets after their batches, one request at a time: what is done while one is under way goes together in the next. A lost commit costs
 * only repeats, which the inbox drops, so a batch does not wait for it.
 */
export class OffsetCommitter {
  private readonly logger = new Logger('events');
  private readonly stopping = new AbortController();
  private pending = new Map<string, Place>();
  private running: Promise<void> | null = null;
  private epoch = 0;

  constructor(private readonly retryMs = 500) {}

  done(topic: string, partition: number, next: bigint, commit: Commit): void {
    this.pending.set(`${topic} ${partition}`, { topic, partition, offset: next });
    this.running ??= this.drain(commit).finally(() => { this.running = null; });
  }

  /** The group was joined anew: what was done before may belong to others now, who start at the last commit. */
  forget(): void {
    this.epoch++;
    this.pending.clear();
  }

  /** Resolves when what is pending was tried a last time. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async drain(commit: Commit): Promise<void> {
    while (this.pending.size > 0) {
      const { pending: places, epoch } = this;
      this.pending = new Map();
      try {
        await commit({ topics: byTopic([...places.values()]) });
      } catch (error) {
        this.logger.debug(`offsets were not committed: ${error instanceof Error ? error.message : 'unknown'}`);
        if (this.stopping.signal.aborted) return;
        for (const [name, place] of places) if (epoch === this.epoch && !this.pending.has(name)) this.pending.set(name, place);
        await pause(this.retryMs, this.stopping.signal);
      }
    }
  }
}

function byTopic(places: readonly Place[]): OffsetsByTopicPartition['topics'] {
  return [...new Set(places.map(({ topic }) => topic))].map((topic) => ({
    topic,
    partitions: places.filter((place) => place.topic === topic).map(({ partition, offset }) => ({ partition, offset: offset.toString() })),
  }));
}
