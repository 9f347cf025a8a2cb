import { Injectable } from '@nestjs/common';
import { localDate, practiceId, recallKind, recallState, zone } from '@slotmesh/contracts';
import { type AppointmentId, type LocalDate, type PatientId, type PracticeId, type RecallId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type Recall, recallTerms } from '../domain/recall';

const id = <T extends string>() => z.string().transform((text) => text as T);
const at = z.date().transform(instantOfDate);
const row = z.object({
  id: id<RecallId>(), practice: practiceId, patient_id: id<PatientId>(), kind: recallKind, revision: z.int(), state: recallState, reason: z.string().nullable(), due_on: localDate, zone, terms: recallTerms,
  messages: z.int(), last_message_at: at.nullable(), appointment_id: id<AppointmentId>().nullable(), done_on: localDate.nullable(), rule_id: z.string().nullable(), made_after: id<AppointmentId>().nullable(),
  previous: id<RecallId>().nullable(), sealed_note: z.string().nullable(), recorded_at: at, recorded_by: z.string(),
}).transform((r): Recall => ({
  id: r.id, practice: r.practice, patient: r.patient_id, kind: r.kind, revision: r.revision, state: r.state, reason: r.reason, due: r.due_on, zone: r.zone, terms: r.terms, messages: r.messages, lastMessageAt: r.last_message_at,
  appointment: r.appointment_id, doneOn: r.done_on, rule: r.rule_id, madeAfter: r.made_after, previous: r.previous, sealedNote: r.sealed_note, recordedAt: r.recorded_at, recordedBy: r.recorded_by,
}));
// Why text: a date without a zone must not become an instant of this machine's zone on the way.
const COLUMNS = `id, practice, patient_id, kind, revision, state, reason, due_on::text AS due_on, zone, terms, messages, last_message_at, appointment_id, done_on::text AS done_on, rule_id, made_after, previous, sealed_note, recorded_at, recorded_by`;

export type RecallView = 'due' | 'overdue' | 'unanswered' | 'open' | 'all';
export interface RecallQuery {
  readonly view: RecallView;
  readonly patient: PatientId | null;
  readonly kind: Recall['kind'] | null;
  readonly after: { readonly due: LocalDate; readonly id: string } | null;
  readonly limit: number;
}
/** The request of a client that may send it again. */
export interface RequestKey {
  readonly key: string;
  readonly hash: Buffer;
}

@Injectable()
export class RecallRepository {
  /** False: the patient has an open recall of this kind, or a request with this key made one before. */
  async add(tx: Tx, recall: Recall, request: RequestKey | null): Promise<boolean> {
    return (await tx.execute(
      `INSERT INTO recall (id, practice, patient_id, kind, revision, state, reason, due_on, zone, terms, appointment_id, done_on, rule_id, made_after, previous, sealed_note, recorded_at, recorded_by, request_key, request_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING`,
      [recall.id, recall.practice, recall.patient, recall.kind, recall.revision, recall.state, recall.reason, recall.due, recall.zone, JSON.stringify(recall.terms), recall.appointment, recall.doneOn, recall.rule, recall.madeAfter,
        recall.previous, recall.sealedNote, formatInstant(recall.recordedAt), recall.recordedBy, request?.key ?? null, request?.hash ?? null],
    )) === 1;
  }

  /** What a request with this key made before, and of what it asked. */
  async requested(tx: Tx, practice: PracticeId, by: string, key: string): Promise<{ recall: Recall; hash: Buffer } | null> {
    const [found] = await tx.query<{ request_hash: Buffer }>(`SELECT ${COLUMNS}, request_hash FROM recall WHERE practice = $1 AND recorded_by = $2 AND request_key = $3`, [practice, by, key]);
    return found ? { recall: row.parse(found), hash: found.request_hash } : null;
  }

  async save(tx: Tx, recall: Recall): Promise<void> {
    await tx.execute(
      `UPDATE recall SET revision = $2, state = $3, reason = $4, due_on = $5, messages = $6, last_message_at = $7, appointment_id = $8, done_on = $9, sealed_note = $10 WHERE id = $1`,
      [recall.id, recall.revision, recall.state, recall.reason, recall.due, recall.messages, recall.lastMessageAt === null ? null : formatInstant(recall.lastMessageAt), recall.appointment, recall.doneOn, recall.sealedNote],
    );
  }

  async find(sql: Sql, recall: RecallId): Promise<Recall | null> {
    const [found] = await sql.query(`SELECT ${COLUMNS} FROM recall WHERE id = $1`, [recall]);
    return found ? row.parse(found) : null;
  }

  async findMany(sql: Sql, ids: readonly RecallId[]): Promise<Recall[]> {
    return (await sql.query(`SELECT ${COLUMNS} FROM recall WHERE id = ANY ($1::uuid[])`, [ids])).map((found) => row.parse(found));
  }

  /** Held until the end of the transaction. */
  async lock(tx: Tx, recall: RecallId): Promise<Recall | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM recall WHERE id = $1 FOR UPDATE`, [recall]);
    return found ? row.parse(found) : null;
  }

  /** Held until the end of the transaction, in the order of their ids; what somebody else holds is passed over. */
  async lockFree(tx: Tx, ids: readonly string[]): Promise<Recall[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`, [ids])).map((found) => row.parse(found));
  }

  /** Those of a patient that are not closed, held in the order of their ids. */
  async lockStanding(tx: Tx, practice: PracticeId, patient: PatientId): Promise<Recall[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall WHERE practice = $1 AND patient_id = $2 AND state IN ('open', 'booked') ORDER BY id FOR UPDATE`, [practice, patient])).map((found) => row.parse(found));
  }

  /** Those of a patient about which somebody is still to be asked, held in the order of their ids. */
  async lockOpen(tx: Tx, patient: PatientId): Promise<Recall[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall WHERE patient_id = $1 AND state = 'open' ORDER BY id FOR UPDATE`, [patient])).map((found) => row.parse(found));
  }

  /** Those that a visit stood for, or after which a rule made them, held in the order of their ids. */
  async lockOfVisit(tx: Tx, visit: AppointmentId): Promise<Recall[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall WHERE appointment_id = $1 OR made_after = $1 ORDER BY id FOR UPDATE`, [visit])).map((found) => row.parse(found));
  }

  async standing(tx: Tx, patient: PatientId, kind: Recall['kind']): Promise<RecallId | null> {
    const [found] = await tx.query<{ id: RecallId }>(`SELECT id FROM recall WHERE patient_id = $1 AND kind = $2 AND state IN ('open', 'booked')`, [patient, kind]);
    return found?.id ?? null;
  }

  /** Whether another one stands in the place of one that was done: of its kind, or, because a patient may have several care plans, its successor or one by the same rule. */
  async goesOn(tx: Tx, { id, patient, kind, rule }: Recall): Promise<boolean> {
    const [found] = await tx.query<{ stands: boolean }>(
      `SELECT EXISTS (SELECT FROM recall WHERE patient_id = $2 AND kind = $3 AND state IN ('open', 'booked') AND (kind <> 'care-plan' OR previous = $1 OR rule_id = $4)) AS stands`, [id, patient, kind, rule]);
    return found?.stands ?? false;
  }

  /** Their key is gone: nothing of them is kept. */
  async forgetNotes(tx: Tx, practice: PracticeId, patient: PatientId): Promise<void> {
    await tx.execute('UPDATE recall SET sealed_note = NULL WHERE practice = $1 AND patient_id = $2', [practice, patient]);
  }

  /** By due date. What is due or overdue is decided by the calendar of each recall's own zone. */
  async list(tx: Tx, { view, patient, kind, after, limit }: RecallQuery): Promise<Recall[]> {
    const found = await tx.query(
      `SELECT ${COLUMNS} FROM recall CROSS JOIN LATERAL (SELECT ($1::timestamptz AT TIME ZONE zone)::date AS today) AS calendar
       WHERE CASE $2::text WHEN 'due' THEN state = 'open' AND due_on >= today AND due_on - (terms->>'firstDaysBefore')::int <= today WHEN 'overdue' THEN state = 'open' AND due_on < today
         WHEN 'unanswered' THEN state = 'open' AND reason IS NOT NULL WHEN 'open' THEN state IN ('open', 'booked') ELSE true END
         AND ($3::uuid IS NULL OR patient_id = $3) AND ($4::text IS NULL OR kind = $4) AND ($5::date IS NULL OR (due_on, id) > ($5::date, $6::uuid)) ORDER BY recall.due_on, id LIMIT $7`,
      [formatInstant(tx.now), view, patient, kind, after?.due ?? null, after?.id ?? null, limit],
    );
    return found.map((one) => row.parse(one));
  }
}

export const asRevised = (recall: Recall, change: Partial<Recall>): Recall => ({ ...recall, ...change, revision: recall.revision + 1 });
