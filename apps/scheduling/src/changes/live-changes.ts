import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Worker } from '@slotmesh/platform';
import { type Change, type ChangeSource, changeStream } from './domain/change-stream';
import { ChangeRepository } from './persistence/change.repository';

const LOOK_MS = 500;
const HEARTBEAT_MS = 15_000;
const PAGE = 200;
const MOST_LISTENERS = 500;
/** Of one person or system: one who forgets to close what he opens must not shut his colleagues out. */
const MOST_OF_ONE = 20;

/** What all listeners of one practice in this process share: how far was looked, and the newest changes. */
interface Feed {
  /** Null until it is known where to look from; then the number of the last in `recent`, where there is one. */
  last: number | null;
  recent: readonly Change[];
  /** With whose each is. */
  readonly listeners: Map<AbortController, string>;
  readonly waiting: Set<() => void>;
}

/**
 * Tells listeners of their practice's changes. One look serves all listeners of a process, whatever their number and practices, and none is made while nobody listens. Why looks and not NOTIFY:
 * that takes a lock of the whole database in every commit.
 */
@Injectable()
export class LiveChanges implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('live-changes');
  private readonly feeds = new Map<PracticeId, Feed>();
  private readonly worker: Worker;
  private readonly forgetCommits: () => void;

  constructor(private readonly work: UnitOfWork, private readonly changes: ChangeRepository) {
    this.worker = new Worker({ name: 'live-changes', pollMs: LOOK_MS, work: () => this.look(), due: async () => ({ dueNow: false, nextDue: null }) });
    this.forgetCommits = work.onEventsCommitted(() => this.feeds.size > 0 && this.worker.poke());
  }

  onApplicationBootstrap(): void {
    this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    this.forgetCommits();
    for (const { listeners } of this.feeds.values()) for (const listener of listeners.keys()) listener.abort();
    await this.worker.stop();
  }

  /** The stream of a listener until `gone` is aborted, by the caller or by the end of this process. Throws too-many-listeners, too-many-own-listeners, before anything is sent. */
  listen({ practice, subject }: { readonly practice: PracticeId; readonly subject: string }, lastEventId: string | null, gone: AbortController): AsyncGenerator<string> {
    const feed = this.feeds.get(practice) ?? { last: null, recent: [], listeners: new Map(), waiting: new Set() };
    if (feed.listeners.size >= MOST_LISTENERS) throw new DomainError('too-many', 'too-many-listeners', `${MOST_LISTENERS} streams of your practice are open here. Close those that nobody looks at, or come back in a minute.`);
    if ([...feed.listeners.values()].filter((one) => one === subject).length >= MOST_OF_ONE) throw new DomainError('too-many', 'too-many-own-listeners', `${MOST_OF_ONE} streams of yours are open here. Close those that you do not look at, or come back in a minute.`);
    this.feeds.set(practice, feed);
    feed.listeners.set(gone, subject);
    gone.signal.addEventListener('abort', () => {
      feed.listeners.delete(gone);
      if (feed.listeners.size === 0 && this.feeds.get(practice) === feed) this.feeds.delete(practice);
    }, { once: true });
    return this.untilFailure(changeStream(this.sourceOf(practice, feed), lastEventId, HEARTBEAT_MS, gone.signal));
  }

  /** Why an end and no error: the listener comes back with its last number and loses nothing. */
  private async *untilFailure(stream: AsyncGenerator<string>): AsyncGenerator<string> {
    try {
      yield* stream;
    } catch (error) {
      this.logger.warn(`a stream ended early: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  private sourceOf(practice: PracticeId, feed: Feed): ChangeSource {
    const read = <T>(fn: (tx: Parameters<Parameters<UnitOfWork['run']>[1]>[0]) => Promise<T>): Promise<T> => this.work.run(workerFor('live-changes', practice), fn);
    return {
      head: async () => {
        const head = await read(async (tx) => {
          await this.changes.number(tx, [practice]);
          return this.changes.head(tx, practice);
        });
        feed.last ??= head.last;
        return head;
      },
      after: async (number) => {
        if (feed.last === null || number >= feed.last) return [];
        const [oldest] = feed.recent;
        if (oldest && oldest.number <= number + 1) return feed.recent.filter((change) => change.number > number);
        const page = (await read((tx) => this.changes.after(tx, new Map([[practice, number]]), PAGE))).get(practice) ?? [];
        if (page.length === 0) throw new Error('what a listener still missed was forgotten meanwhile');
        return page;
      },
      wait: (number, ms, gone) => new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          feed.waiting.delete(done);
          gone.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        feed.waiting.add(done);
        gone.addEventListener('abort', done);
        if (gone.aborted || (feed.last ?? 0) > number) done();
      }),
    };
  }

  private async look(): Promise<number> {
    const places = new Map([...this.feeds].flatMap(([practice, { last }]) => (last === null ? [] : [[practice, last] as const])));
    if (places.size === 0) return 0;
    const found = await this.work.run(workerFor('live-changes', null), async (tx) => {
      await this.changes.number(tx, [...places.keys()]);
      return this.changes.after(tx, places, PAGE);
    });
    let count = 0;
    for (const [practice, changes] of found) {
      const feed = this.feeds.get(practice);
      // Why: the feed may be another one by now.
      if (!feed || feed.last === null || changes.length === 0) continue;
      const { last } = feed;
      const fresh = changes.filter(({ number }) => number > last);
      if (fresh.length === 0) continue;
      const joined = feed.recent.at(-1)?.number === fresh[0]!.number - 1;
      feed.recent = [...(joined ? feed.recent : []), ...fresh].slice(-PAGE);
      feed.last = fresh.at(-1)!.number;
      count += fresh.length;
      for (const wake of [...feed.waiting]) wake();
    }
    return count;
  }
}
