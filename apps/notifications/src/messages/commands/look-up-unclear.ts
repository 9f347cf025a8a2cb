import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { HOUR, type Instant, MINUTE, instantOfDate, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, unseal, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { PatientKeys } from '../../providers/patient-keys';
import { ProviderBreakers } from '../../providers/provider-breakers';
import { type FoundText, Texts } from '../../providers/texts';
import { SettleAttempt } from './settle-attempt';

const row = z.object({
  id: z.uuid(), host: z.string(), state: z.string(), code: z.string(), patient: z.uuid().nullable(), sealed: z.string().nullable(), to_sealed: z.string().nullable(), sender_number: z.string(),
  intent_at: z.date().transform(instantOfDate), valid_until: z.date().transform(instantOfDate), looks_unanswered: z.int(),
});
type Unclear = z.output<typeof row>;

const BATCH = 20;
/** A text that the provider took at the last moment of its validity is listed by then. */
const AFTER_VALIDITY = MINUTE;
/** A provider that cannot be asked for this long after validity: a person takes over. */
const GIVE_UP_AFTER = HOUR;
const GIVE_UP_LOOKS = 5;

/** Clears up attempts whose outcome nobody knows: a crash between intent and result, a time-out, a server error (P13). Nothing is sent here. */
@Injectable()
export class LookUpUnclear {
  constructor(private readonly work: UnitOfWork, private readonly settle: SettleAttempt, private readonly texts: Texts, private readonly keys: PatientKeys, private readonly intake: IntakeKeys, private readonly breakers: ProviderBreakers) {}

  async execute(): Promise<number> {
    const abandoned = await this.markAbandoned();
    const due = await this.work.run(workerFor('look-up', null), async (tx) =>
      z.array(row).parse(await tx.query(
        `SELECT t.id, t.host, t.state, t.code, m.patient, c.sealed, m.to_sealed, p.sender_number, t.intent_at, t.valid_until, t.looks_unanswered
         FROM attempt t JOIN message m ON m.id = t.message_id JOIN practice p ON p.id = t.host
         LEFT JOIN patient_contact c ON c.patient = m.patient AND c.channel = t.channel AND c.idx = t.idx
         WHERE t.state = 'unknown' AND t.next_look_at <= $1 ORDER BY t.next_look_at LIMIT $2`,
        // Why one: while nobody answers each look takes as long as the time-out.
        [new Date(tx.now), this.breakers.isOpen('sms') ? 1 : BATCH],
      )));
    for (const attempt of due) await this.one(attempt);
    return abandoned + due.length;
  }

  /** When the next attempt is to be looked for, and whether one is due or still in flight. */
  async due(): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    return this.work.run(workerFor('look-up', null), async (tx) => {
      const [found] = await tx.query<{ now: boolean; next: Date | null }>(
        `SELECT coalesce(bool_or(state = 'intent' OR next_look_at <= $1), false) AS now, min(next_look_at) FILTER (WHERE next_look_at > $1) AS next FROM attempt WHERE state IN ('intent', 'unknown')`,
        [new Date(tx.now)],
      );
      return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
    });
  }

  /** An intent without a result after the provider's time-out: its process has died in between. */
  private markAbandoned(): Promise<number> {
    return this.work.run(workerFor('look-up', null), async (tx) => {
      const rows = await tx.query<{ id: string }>(`SELECT id FROM attempt WHERE state = 'intent' AND lease_until < clock_timestamp() ORDER BY id LIMIT $1`, [BATCH]);
      for (const { id } of rows) {
        const found = await this.settle.lock(tx, id);
        if (found) await this.settle.unclear(tx, found);
      }
      return rows.length;
    });
  }

  private async one(attempt: Unclear): Promise<void> {
    const to = await this.phoneOf(attempt);
    let asked: { found: FoundText | null } | null = null;
    let trouble: unknown = null;
    try {
      if (to !== null) asked = { found: await this.texts.find({ from: attempt.sender_number, to, code: attempt.code, since: attempt.intent_at }) };
    } catch (error) {
      trouble = error;
    }
    await this.work.run(workerFor('look-up', practiceId.parse(attempt.host)), async (tx) => {
      const found = await this.settle.lock(tx, attempt.id);
      if (found?.attempt.state !== 'unknown') return;
      if (asked?.found) return this.settle.accepted(tx, found, { providerId: asked.found.sid, status: asked.found.status, errorCode: asked.found.errorCode });
      const unanswered = trouble === null ? 0 : attempt.looks_unanswered + 1;
      // Why also counted: after an outage of ours the first look may come long after validity, and one 429 is no answer.
      if (to === null || (unanswered >= GIVE_UP_LOOKS && tx.now > plusMs(attempt.valid_until, GIVE_UP_AFTER))) return this.settle.staysUnknown(tx, found);
      if (trouble === null && tx.now > plusMs(attempt.valid_until, AFTER_VALIDITY)) return this.settle.absent(tx, found);
      await tx.execute('UPDATE attempt SET next_look_at = $2, looks_unanswered = $3 WHERE id = $1', [attempt.id, new Date(nextLook(attempt, tx.now, trouble !== null)), unanswered]);
    });
  }

  /** Null: the patient was erased, or the contact point is gone. */
  private async phoneOf({ patient, sealed, to_sealed, sender_number }: Unclear): Promise<string | null> {
    if (to_sealed !== null) return this.intake.unseal(sender_number, 'from', to_sealed);
    const key = patient === null || sealed === null ? null : await this.keys.find(patient);
    return key && sealed ? unseal(key, sealed, `${patient}:phone`) : null;
  }
}

/** Soon at first, then seldom, and once more when a text that is not there can be called absent. */
function nextLook({ intent_at, valid_until }: Unclear, now: Instant, unanswered: boolean): Instant {
  if (unanswered) return plusMs(now, MINUTE);
  const age = now - intent_at;
  const end = plusMs(valid_until, AFTER_VALIDITY + 1);
  const next = plusMs(now, Math.max(MINUTE, age * 2));
  return now < end && next > end ? end : next;
}
