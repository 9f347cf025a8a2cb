import { DomainError } from '@slotmesh/kernel';
import { type Tx, type UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { EventConsumer } from './event-consumer';
import type { EventHandlers } from './handlers';
import { createKafka } from './kafka-client';
import type { MessagingIdle } from './messaging-idle';
import { pause } from './pause';
import type { RetryWorker } from './retry-worker';
import type { MessagingSettings } from './settings';

/** Nobody waits for a single event, so that many share what a transaction costs. */
const KEYS_TOGETHER = 100;
/** What the broker takes to notice that a session has run out. */
const GRACE_MS = 3_000;

export class ConsumersStillRun extends DomainError {
  constructor() {
    super('conflict', 'consumers-still-run', 'Stop every process of this service first: a rebuild begins with nobody in its consumer group.');
  }
}

export interface RebuildParts {
  readonly settings: MessagingSettings;
  readonly work: UnitOfWork;
  readonly consumer: EventConsumer;
  readonly retry: RetryWorker;
  readonly handlers: EventHandlers;
  readonly idle: MessagingIdle;
}

/**
 * Takes every event from the beginning: empties inbox, park and, by `empty`, what the handlers made, then reads to the ends of the topics and tries
 * what fails until it succeeds or is dead. What the handlers would publish is forgotten. Waits until the session of a process that was killed has run out. Throws ConsumersStillRun.
 */
export async function rebuild({ settings, work, consumer, retry, handlers, idle }: RebuildParts, empty: (tx: Tx) => Promise<void>): Promise<void> {
  const admin = createKafka(settings, { retries: 5 }).admin();
  await admin.connect();
  try {
    const state = await leftAlone(async () => {
      const { groups } = await admin.describeGroups([consumer.groupId]);
      return { state: groups[0]?.state, members: groups[0]?.members.length ?? 0 };
    }, settings.consumer.sessionMs);
    // Why not offset by offset: kafkajs joins the group for each topic, seconds each. A group that is not known reads from the beginning.
    // Why before anything is emptied: what ends between the two reads all again and drops it as known; the other way round it would go on from the ends with nothing.
    if (state !== 'Dead') await admin.deleteGroups([consumer.groupId]);
    await work.run(workerFor(settings.service, null), async (tx) => {
      await tx.execute('DELETE FROM parked_event WHERE consumer = $1', [settings.service]);
      await tx.execute('DELETE FROM inbox WHERE consumer = $1', [settings.service]);
      await empty(tx);
    });
  } finally {
    await admin.disconnect();
  }
  handlers.silence();
  await consumer.start({ keysTogether: KEYS_TOGETHER });
  retry.start();
  const never = new AbortController().signal;
  while (!consumer.hasJoined || [...(await idle.lag()).values()].some((lag) => lag > 0) || (await waits(work, settings.service))) await pause(100, never);
}

/** Returns the state of the group once nobody is in it. A process that was killed stays a member until its session has run out, so one that is there for longer lives: ConsumersStillRun. */
async function leftAlone(look: () => Promise<{ readonly state: string | undefined; readonly members: number }>, sessionMs: number): Promise<string | undefined> {
  const until = Date.now() + sessionMs + GRACE_MS;
  for (;;) {
    const { state, members } = await look();
    if (members === 0) return state;
    if (Date.now() > until) throw new ConsumersStillRun();
    await pause(500, new AbortController().signal);
  }
}

async function waits(work: UnitOfWork, service: string): Promise<boolean> {
  const due = await work.run(workerFor(service, null), (tx) =>
    tx.query(`SELECT 1 FROM parked_event WHERE consumer = $1 AND state = 'waiting' AND next_attempt_at IS NOT NULL LIMIT 1`, [service]));
  return due.length > 0;
}
