import { Inject, Injectable, Logger } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { InfrastructureError, localDateOf, parseZone } from '@slotmesh/kernel';
import { UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, senderRate } from '../../config';
import { ReferenceNotYetKnown } from '../../projections/missing-reference';
import type { SubjectState } from '../../projections/visit-rows';
import { Mails } from '../../providers/mails';
import { ProviderBreakers } from '../../providers/provider-breakers';
import { PageLinks } from '../../providers/page-links';
import { PatientKeys } from '../../providers/patient-keys';
import type { SendingResult } from '../../providers/sending-result';
import { Texts } from '../../providers/texts';
import { VisitOwners } from '../../providers/visit-owners';
import { segmentsOf } from '../../templates/gsm7';
import { sensitiveSites } from '../persistence/fence-rows';
import type { Channel } from '../domain/fence';
import { type MessageRow, claimDue, patientsOf, release, renew } from '../persistence/message-rows';
import { JoinReminders } from './join-reminders';
import { type Place, SenderPace } from './sender-pace';
import { SettleAttempt } from './settle-attempt';
import { type Intent, WriteIntent } from './write-intent';

/** Of one practice in one batch; at its rate they leave within a second, so that the answer about them is never old. */
const MOST_PER_PRACTICE = 60;
/** Real seconds, renewed while a batch is in hand: what a stopped or killed process held is taken by another as soon. The state of the message decides in any case. */
const LEASE = 6;
const RENEW_MS = 2_000;
const PROVIDER_DAY = parseZone('America/Los_Angeles');
/** Messages in hand at one time: most of the time of each is waiting, for its place in the rate or for the provider. */
const TOGETHER = 12;
const LATER = 2;
/** Of these the first that can leave shows whether a provider is back; one that cannot must not stand before the others. */
const PROBES = 10;
/** Texts that lead to the patient's own page beside those that move a visit. */
const LINKED: ReadonlySet<string> = new Set(['answer-move-link', 'no-show-note', 'education']);

/** Takes a batch of due messages, asks their owners once, and lets each through the fence and out, at the sender's pace. */
@Injectable()
export class SendDue {
  private readonly logger = new Logger('sender');

  constructor(
    private readonly work: UnitOfWork, private readonly owners: VisitOwners, private readonly links: PageLinks, private readonly keys: PatientKeys, private readonly writeIntent: WriteIntent,
    private readonly settle: SettleAttempt, private readonly texts: Texts, private readonly mails: Mails, private readonly breakers: ProviderBreakers, private readonly join: JoinReminders, private readonly pace: SenderPace, @Inject(NOTIFICATIONS_CONFIG) private readonly config: NotificationsConfig,
  ) {}

  /** Returns how many messages were taken. Throws InfrastructureError, with every message given back, where the owners do not answer: nothing leaves unasked. */
  async execute(): Promise<number> {
    const { batch: claimed, probe } = await this.claim();
    if (claimed.length === 0) return 0;
    const open = new Set(claimed.map(({ id }) => id));
    const renewing = setInterval(() => void this.work.run(workerFor('sender', null), (tx) => renew(tx, [...open], LEASE)).catch(() => undefined), RENEW_MS);
    try {
      const batch = await this.join.execute(claimed);
      for (const { id } of claimed) if (!batch.some((message) => message.id === id)) open.delete(id);
      const current = await this.owners.current(batch.flatMap(({ subjects }) => subjects));
      const pages = await this.links.of(await this.withPage(batch, current));
      let probed = false;
      await this.together(batch, async (message) => {
        // One that is really handed over is enough to see; the others go back.
        if (probed) return;
        probed = (await this.one(message, current, pages, probe)) && probe !== null;
        open.delete(message.id);
      }, probe === null ? TOGETHER : 1);
      if (probe !== null) {
        await this.giveBack([...open], 0);
        if (!probed) await this.breakers.tryNext(probe);
      }
      return claimed.length;
    } catch (error) {
      // Why not let them lie until the lease ends: what they wait for may be back in a moment.
      await this.giveBack([...open], 0).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  /** What is due, without what waits for a provider that is out of reach; of that a few messages, where it is time to see. */
  private claim(): Promise<{ batch: MessageRow[]; probe: Channel | null }> {
    const perPractice = Math.max(1, Math.min(MOST_PER_PRACTICE, Math.floor(senderRate(this.config))));
    return this.work.run(workerFor('sender', null), async (tx) => {
      const { open, probes } = await this.breakers.look(tx);
      for (const probe of probes) {
        const batch = await claimDue(tx, { perPractice: 1, most: PROBES, leaseSeconds: LEASE, blocked: probe === 'sms' ? ['email'] : ['sms'] });
        if (batch.length === 0) continue;
        await this.breakers.probing(tx, probe);
        return { batch, probe };
      }
      return { batch: await claimDue(tx, { perPractice, leaseSeconds: LEASE, blocked: open }), probe: null };
    });
  }

  /** A few at a time. After a failure no more are begun, and it is thrown when those under way have ended: nothing goes on behind the back of who gives the rest back. */
  private async together(batch: readonly MessageRow[], work: (message: MessageRow) => Promise<void>, atOnce: number): Promise<void> {
    const queue = [...batch];
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, async () => {
      for (let message = queue.shift(); message; message = queue.shift()) {
        try {
          await work(message);
        } catch (error) {
          queue.length = 0;
          throw error;
        }
      }
    }));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Of which visits the page is linked to: in mails, and in texts that ask to choose another time or leave the place to it. */
  private async withPage(batch: readonly MessageRow[], current: ReadonlyMap<string, SubjectState>): Promise<string[]> {
    const unnamed = await this.work.run(workerFor('sender', null), (tx) => sensitiveSites(tx, [...current.values()].flatMap(siteOf)));
    return batch.flatMap(({ channels, template, subjects }) => subjects
      .filter(({ kind, id }) => kind === 'appointment' && (channels.includes('email') || template === 'visit-must-move' || LINKED.has(template) || siteOf(current.get(id)).some((site) => unnamed.has(site)))).map(({ id }) => id));
  }

  /** True: it was handed to a provider. */
  private async one(message: MessageRow, current: ReadonlyMap<string, SubjectState>, pages: ReadonlyMap<string, string>, probe: Channel | null): Promise<boolean> {
    const next = nextChannelOf(message);
    // Why: the breaker may have opened since the batch was taken.
    if (next && next !== probe && this.breakers.isOpen(next)) {
      await this.giveBack([message.id], 0);
      return false;
    }
    // Why: an owner that does not know the visit has not answered for it.
    if (message.subjects.some(({ id }) => !current.has(id))) {
      await this.giveBack([message.id], LATER);
      return false;
    }
    let place: Place | null = null;
    try {
      const keys = await this.keysOf(message, current);
      place = next === 'sms' ? await this.pace.before(message.host) : null;
      const intent = await this.writeIntent.execute(message, current, keys, pages);
      return intent !== null && (await this.leave(intent, probe, place));
    } catch (error) {
      if (isInfrastructureFailure(error) || error instanceof InfrastructureError) throw error;
      if (!(error instanceof ReferenceNotYetKnown)) this.logger.error({ message: message.id, error: error instanceof Error ? error.name : 'unknown', at: error instanceof Error ? error.stack?.split('\n').slice(1, 4) : null }, 'a message could not be written and waits');
      await this.giveBack([message.id], LATER);
      return false;
    } finally {
      place?.free();
    }
  }

  /** Of everybody of whom it speaks; without the key of who was erased. */
  private async keysOf(message: MessageRow, current: ReadonlyMap<string, SubjectState>): Promise<ReadonlyMap<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    for (const patient of new Set([...patientsOf(message), ...message.subjects.flatMap(({ id }) => current.get(id)?.patient ?? [])])) {
      const key = await this.keys.find(patient);
      if (key) keys.set(patient, key);
    }
    return keys;
  }

  private async leave(intent: Intent, probe: Channel | null, place: Place | null): Promise<boolean> {
    // The fence may have chosen another channel than the one that comes first.
    const open = intent.channel === probe || !this.breakers.isOpen(intent.channel);
    if (!open || intent.channel !== 'sms') place?.free();
    const fits = open && (await this.fitsTheDay(intent, 1));
    // Nothing stands between this and the hand-over: what waits here together would leave together.
    const inTime = fits && (intent.channel !== 'sms' || (await this.pace.reached(intent.host, place)));
    const result: SendingResult = inTime ? await this.handAndNote(intent, probe) : open && !fits ? { kind: 'refused', class: 'daily-cap', code: null } : { kind: 'retry', why: 'unreachable' };
    // What the provider has not taken is no text of its day.
    if (fits && (result.kind === 'retry' || result.kind === 'refused')) await this.fitsTheDay(intent, -1);
    await this.work.run(workerFor('sender', practiceId.parse(intent.host)), async (tx): Promise<void> => {
      const found = await this.settle.lock(tx, intent.attempt);
      if (!found) return;
      if (result.kind === 'accepted') return this.settle.accepted(tx, found, { providerId: result.providerId, status: result.status, errorCode: null });
      // Why: a report may have come home before the answer to the call; then what it says is known already.
      if (found.attempt.state !== 'intent') return;
      if (result.kind === 'refused') return this.settle.refused(tx, found, result.class, result.code);
      if (result.kind === 'retry') return inTime ? this.settle.again(tx, found.attempt, found.message) : this.settle.giveBack(tx, found.attempt, found.message);
      return this.settle.unclear(tx, found);
    });
    return inTime;
  }

  private async handAndNote(intent: Intent, probe: Channel | null): Promise<SendingResult> {
    const result = await this.hand(intent);
    await this.breakers.note(intent.channel, result, probe === intent.channel);
    return result;
  }

  /** Counts the segments of a text on the carriers' day, over all replicas, or with -1 takes them back. False: they take no more of this sender today. */
  private async fitsTheDay({ channel, host, body, at }: Intent, sign: 1 | -1): Promise<boolean> {
    const most = this.config.SENDER_SEGMENTS_PER_DAY;
    if (channel !== 'sms' || most === undefined) return true;
    const rows = await this.work.run(workerFor('sender', practiceId.parse(host)), (tx) =>
      tx.query(
        `INSERT INTO sender AS s (host, paced_until, segment_day, segments) VALUES ($1, clock_timestamp(), $2::date, $3)
         ON CONFLICT (host) DO UPDATE SET segments = greatest(0, CASE WHEN s.segment_day = excluded.segment_day THEN s.segments ELSE 0 END + excluded.segments), segment_day = excluded.segment_day
         WHERE s.segment_day IS DISTINCT FROM excluded.segment_day OR s.segments + excluded.segments <= $4 RETURNING 1`,
        [host, localDateOf(at, PROVIDER_DAY), sign * segmentsOf(body).segments, most],
      ));
    return rows.length > 0;
  }

  private hand(intent: Intent): Promise<SendingResult> {
    const { from, to, mail } = intent;
    if (mail) return this.mails.send({ ...mail, from: { name: from.name, address: from.address }, to, attempt: intent.attempt, messageId: `<${intent.message}@${new URL(this.config.PUBLIC_URL).hostname}>`, date: intent.at });
    return this.texts.send({ from: from.number, to, body: intent.body, attempt: intent.attempt, validitySeconds: intent.validitySeconds });
  }

  private async giveBack(ids: readonly string[], afterSeconds: number): Promise<void> {
    if (ids.length > 0) await this.work.run(workerFor('sender', null), (tx) => release(tx, ids, afterSeconds));
  }
}

const nextChannelOf = ({ channels, tried }: MessageRow): Channel | undefined => channels.find((channel) => !tried.includes(channel));
const siteOf = (state: SubjectState | undefined): string[] => (state === undefined || state.kind === 'recall' ? [] : [state.site]);
