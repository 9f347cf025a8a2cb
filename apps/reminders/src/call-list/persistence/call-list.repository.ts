import { Injectable } from '@nestjs/common';
import { CallListEntryClosed, CallListEntryOpened } from '@slotmesh/contracts';
import { type AppointmentId, type Instant, type OfferId, type PatientId, type PracticeId, type RecallId, type Zone, formatInstant, instantOfDate, newId } from '@slotmesh/kernel';
import { type Sql, type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';

const proposal = z.object({ opening: z.string(), practice: z.string(), start: z.string(), zone: z.string() });
export interface CallReason {
  readonly host: PracticeId;
  readonly patient: PatientId;
  readonly appointment: AppointmentId;
  readonly revision: number;
  readonly reason: string;
  readonly urgent: boolean;
  readonly visitStart: Instant;
  readonly zone: Zone;
  /** Times to speak about. */
  readonly proposals?: z.input<typeof proposal>[];
}
/** An offer that nobody can be written to about: the patient's own practice phones before its window ends. */
export interface OfferToPhone {
  readonly id: OfferId;
  readonly revision: number;
  readonly practice: PracticeId;
  readonly patient: PatientId;
  readonly start: Instant;
  readonly zone: Zone;
  readonly expiresAt: Instant;
}
/** A patient who is due for something and whom no message reaches. */
export interface RecallToPhone {
  readonly id: RecallId;
  readonly revision: number;
  readonly practice: PracticeId;
  readonly patient: PatientId;
  readonly reason: string;
  readonly until: Instant;
  readonly zone: Zone;
}

const text = z.date().transform((at) => formatInstant(instantOfDate(at)));
const entry = z.object({
  id: z.string(), host: z.string().transform((code) => code as PracticeId), patient_id: z.string().transform((id) => id as PatientId), appointment_id: z.string().nullable(), offer_id: z.string().nullable(), offer_until: text.nullable(), recall_id: z.string().nullable(), revision: z.number(), reason: z.string(), urgent: z.boolean(), visit_start: text, zone: z.string(),
  opened_at: text, state: z.enum(['open', 'claimed', 'closed']), claimed_by: z.string().nullable(), claimed_at: z.date().nullable(), calls: z.number(), outcome: z.string().nullable(), proposals: z.array(proposal).nullable(),
  /** Phoning tells this patient nothing. */
  write_first: z.boolean(),
});
export type CallRow = z.output<typeof entry>;
const COLUMNS = 'id, host, patient_id, appointment_id, offer_id, offer_until, recall_id, revision, reason, urgent, visit_start, zone, opened_at, state, claimed_by, claimed_at, calls, outcome, proposals, coalesce((SELECT p.text_only FROM patient_record p WHERE p.id = call_list_entry.patient_id), false) AS write_first';

/** A reminder that arrives, or a yes to it, does not move a visit that lies on a closed day. */
const MOVES_NOTHING = ['message-delivered', 'confirmed'];
/** What no message settles that arrives: the patient asked for something, or somebody has to look at how they are reached. */
const SPOKEN_ABOUT = ['high-risk', 'asked-to-cancel', 'cancel-word', 'wrong-number', 'confidential'];

/** Place in the list: urgent first, then the nearest visit. */
export interface CallCursor {
  readonly urgent: boolean;
  readonly visitStart: string;
  readonly id: string;
}

@Injectable()
export class CallListRepository {
  /** One visit has one open entry: a second reason joins it. That the patient asked to call off the visit takes the place of every other and gives it to none. That of an absence does not take the place of another, because it may be taken back; what a message that arrives does not end stays. */
  async open(tx: Tx, call: CallReason): Promise<void> {
    const id = newId();
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO call_list_entry (id, host, patient_id, appointment_id, revision, reason, urgent, visit_start, zone, opened_at, proposals) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT (appointment_id) WHERE state <> 'closed' DO UPDATE SET revision = excluded.revision, reason = CASE WHEN excluded.reason = 'asked-to-cancel' THEN excluded.reason
         WHEN excluded.reason = 'absence' OR call_list_entry.reason = ANY ($12::text[]) THEN call_list_entry.reason ELSE excluded.reason END,
         urgent = call_list_entry.urgent OR excluded.urgent, visit_start = excluded.visit_start, proposals = coalesce(excluded.proposals, call_list_entry.proposals)
       RETURNING id`,
      [id, call.host, call.patient, call.appointment, call.revision, call.reason, call.urgent, formatInstant(call.visitStart), call.zone, formatInstant(tx.now), call.proposals ? JSON.stringify(call.proposals) : null, SPOKEN_ABOUT],
    );
    if (row?.id !== id) return;
    tx.outbox.add(eventOf(CallListEntryOpened, { key: id, host: call.host }, {
      id, host: call.host, patient: call.patient, subject: { kind: 'appointment', id: call.appointment, revision: call.revision }, reason: call.reason,
      visitStart: formatInstant(call.visitStart), urgent: call.urgent, at: formatInstant(tx.now),
    }));
  }

  /** Urgent, because the time is kept for some minutes only. */
  async openForOffer(tx: Tx, offer: OfferToPhone): Promise<void> {
    const id = newId();
    await tx.execute(
      `INSERT INTO call_list_entry (id, host, patient_id, offer_id, offer_until, revision, reason, urgent, visit_start, zone, opened_at) VALUES ($1, $2, $3, $4, $5, $6, 'offer', true, $7, $8, $9)`,
      [id, offer.practice, offer.patient, offer.id, formatInstant(offer.expiresAt), offer.revision, formatInstant(offer.start), offer.zone, formatInstant(tx.now)],
    );
    tx.outbox.add(eventOf(CallListEntryOpened, { key: id, host: offer.practice }, {
      id, host: offer.practice, patient: offer.patient, subject: { kind: 'offer', id: offer.id, revision: offer.revision }, reason: 'offer',
      visitStart: formatInstant(offer.start), urgent: true, at: formatInstant(tx.now),
    }));
  }

  /** A recall has one open entry: a second reason leaves it as it is. It is never urgent, and leaves the list at `until`, when the recall itself is still among the unanswered. */
  async openForRecall(tx: Tx, recall: RecallToPhone): Promise<void> {
    const id = newId();
    const opened = await tx.execute(
      `INSERT INTO call_list_entry (id, host, patient_id, recall_id, revision, reason, urgent, visit_start, zone, opened_at) VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9)
       ON CONFLICT (recall_id) WHERE state <> 'closed' DO NOTHING`,
      [id, recall.practice, recall.patient, recall.id, recall.revision, recall.reason, formatInstant(recall.until), recall.zone, formatInstant(tx.now)],
    );
    if (opened === 0) return;
    tx.outbox.add(eventOf(CallListEntryOpened, { key: id, host: recall.practice }, {
      id, host: recall.practice, patient: recall.patient, subject: { kind: 'recall', id: recall.id, revision: recall.revision }, reason: recall.reason, visitStart: formatInstant(recall.until), urgent: false, at: formatInstant(tx.now),
    }));
  }

  async closeOfRecall(tx: Tx, recall: RecallId, outcome: string): Promise<void> {
    const rows = await tx.query(`UPDATE call_list_entry SET state = 'closed', closed_at = $2, outcome = $3 WHERE recall_id = $1 AND state <> 'closed' RETURNING ${COLUMNS}`, [recall, formatInstant(tx.now), outcome]);
    for (const row of rows) this.announceClosed(tx, entry.parse(row));
  }

  /** The offer was answered or is over. */
  async closeOfOffer(tx: Tx, offer: OfferId, outcome: string): Promise<void> {
    const rows = await tx.query(`UPDATE call_list_entry SET state = 'closed', closed_at = $2, outcome = $3 WHERE offer_id = $1 AND state <> 'closed' RETURNING ${COLUMNS}`, [offer, formatInstant(tx.now), outcome]);
    for (const row of rows) this.announceClosed(tx, entry.parse(row));
  }

  /** The call is no longer needed: the patient answered, the visit is over or has another time. */
  async closeOf(tx: Tx, appointment: AppointmentId, outcome: string, beforeRevision: number | null = null): Promise<void> {
    const rows = await tx.query(`UPDATE call_list_entry SET state = 'closed', closed_at = $2, outcome = $3 WHERE appointment_id = $1 AND state <> 'closed' AND ($4::int IS NULL OR revision < $4)
       AND (proposals IS NULL OR $3 <> ALL ($5::text[])) AND ($3 <> 'message-delivered' OR reason <> ALL ($6::text[])) RETURNING ${COLUMNS}`, [appointment, formatInstant(tx.now), outcome, beforeRevision, MOVES_NOTHING, SPOKEN_ABOUT]);
    for (const row of rows) this.announceClosed(tx, entry.parse(row));
  }

  /** Who asked for the call does so no longer; where there is another reason for it, it stays without the proposals. */
  async withdraw(tx: Tx, appointment: AppointmentId, reason: string): Promise<void> {
    const [row] = await tx.query(
      `UPDATE call_list_entry SET state = CASE WHEN reason = $3 THEN 'closed' ELSE state END, closed_at = CASE WHEN reason = $3 THEN $2::timestamptz END, outcome = CASE WHEN reason = $3 THEN 'not-needed' ELSE outcome END,
         proposals = CASE WHEN reason = $3 THEN proposals END WHERE appointment_id = $1 AND state <> 'closed' RETURNING ${COLUMNS}`,
      [appointment, formatInstant(tx.now), reason],
    );
    const call = row ? entry.parse(row) : null;
    if (call?.state === 'closed') this.announceClosed(tx, call);
  }

  /** A visit that has begun, or an offer whose window has passed, needs no call any more. Returns how many. */
  async closePassed(tx: Tx, limit: number): Promise<number> {
    const rows = await tx.query(
      `UPDATE call_list_entry SET state = 'closed', closed_at = $1, outcome = CASE WHEN recall_id IS NOT NULL THEN 'not-called' WHEN offer_id IS NULL THEN 'visit-passed' ELSE 'offer-expired' END
       WHERE id IN (SELECT id FROM call_list_entry WHERE state <> 'closed' AND least(visit_start, offer_until) <= $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING ${COLUMNS}`,
      [formatInstant(tx.now), limit],
    );
    for (const row of rows) this.announceClosed(tx, entry.parse(row));
    return rows.length;
  }

  async nextPassing(sql: Sql, now: Instant): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    const [found] = await sql.query<{ now: boolean; next: Date | null }>(
      `SELECT EXISTS (SELECT FROM call_list_entry WHERE state <> 'closed' AND least(visit_start, offer_until) <= $1) AS now, (SELECT min(least(visit_start, offer_until)) FROM call_list_entry WHERE state <> 'closed' AND least(visit_start, offer_until) > $1) AS next`,
      [formatInstant(now)],
    );
    return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
  }

  async list(tx: Tx, after: CallCursor | null, limit: number): Promise<CallRow[]> {
    const rows = await tx.query(
      `SELECT ${COLUMNS} FROM call_list_entry WHERE state <> 'closed' AND least(visit_start, offer_until) > $5
       AND ($1::boolean IS NULL OR (NOT urgent, visit_start, id) > (NOT $1::boolean, $2::timestamptz, $3::uuid)) ORDER BY urgent DESC, visit_start, id LIMIT $4`,
      [after?.urgent ?? null, after?.visitStart ?? null, after?.id ?? null, limit, formatInstant(tx.now)],
    );
    return rows.map((row) => entry.parse(row));
  }

  /** Held until the end of the transaction; only the caller's own practice has it. */
  async lock(tx: Tx, id: string): Promise<CallRow | null> {
    const [row] = await tx.query(`SELECT ${COLUMNS} FROM call_list_entry WHERE id = $1 FOR UPDATE`, [id]);
    return row ? entry.parse(row) : null;
  }

  async claim(tx: Tx, id: string, subject: string): Promise<void> {
    await tx.execute(`UPDATE call_list_entry SET state = 'claimed', claimed_by = $2, claimed_at = $3 WHERE id = $1`, [id, subject, formatInstant(tx.now)]);
  }

  async finish(tx: Tx, call: CallRow, outcome: string, ends: boolean, sealedNote: string | null): Promise<void> {
    await tx.execute(
      `UPDATE call_list_entry SET state = CASE WHEN $3 THEN 'closed' ELSE 'open' END, claimed_by = CASE WHEN $3 THEN claimed_by END, claimed_at = NULL, calls = calls + 1,
         outcome = $2, sealed_note = coalesce($4, sealed_note), closed_at = CASE WHEN $3 THEN $5::timestamptz END WHERE id = $1`,
      [call.id, outcome, ends, sealedNote, formatInstant(tx.now)],
    );
    if (ends) this.announceClosed(tx, { ...call, outcome });
  }

  private announceClosed(tx: Tx, call: CallRow): void {
    tx.outbox.add(eventOf(CallListEntryClosed, { key: call.id, host: call.host }, { id: call.id, host: call.host, patient: call.patient_id, outcome: call.outcome ?? 'closed', at: formatInstant(tx.now) }));
  }
}
