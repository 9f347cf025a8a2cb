import { Injectable } from '@nestjs/common';
import { type AgreementId, type AppointmentId, type Instant, type LocalDate, type PatientId, type PracticeId, type ReferralId, type ServiceCode, type Zone, formatInstant, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Urgency } from '../domain/due-times';
import type { PatientChoice, Referral } from '../domain/referral';
import type { ReferralStatus, Side } from '../domain/transitions';
import { storedChoice, storedPlace } from './referral.schema';

interface ReferralRow {
  id: ReferralId; version: number; status: ReferralStatus; sender_id: PracticeId; receiver_id: PracticeId | null; outside: unknown; agreement_id: AgreementId | null; patient_id: PatientId;
  receiver_patient_id: PatientId | null; service_code: ServiceCode; urgency: Urgency; needs_authorisation: boolean; authorisation_expires: LocalDate | null; decline_code: Referral['declineCode'];
  choice: unknown; appointment_id: AppointmentId | null; visit_at: Date | null; zone: Zone; sent_at: Date; sent_by: string; since: Date; due_at: Date | null; waits_for: Side | null;
  sender_key: string; receiver_key: string | null; sealed_letter: string; sealed_authorisation: string | null; sealed_answer: string | null; sealed_note: string | null;
}
const COLUMNS = `id, version, status, sender_id, receiver_id, outside, agreement_id, patient_id, receiver_patient_id, service_code, urgency, needs_authorisation, authorisation_expires::text AS authorisation_expires,
  decline_code, choice, appointment_id, visit_at, zone, sent_at, sent_by, since, due_at, waits_for, sender_key, receiver_key, sealed_letter, sealed_authorisation, sealed_answer, sealed_note`;
/** $1 the practice, $2 direction, $3 status, $4 patient, $5 whose turn it is, $6 now. */
const ASKED = `($2::text IS NULL OR ($2 = 'sent' AND sender_id = $1) OR ($2 = 'received' AND receiver_id = $1)) AND ($3::text IS NULL OR status = $3)
  AND ($4::uuid IS NULL OR patient_id = $4 OR receiver_patient_id = $4) AND ($5::text IS NULL OR ((CASE WHEN status = 'authorised' AND receiver_id IS NOT NULL AND authorisation_expires < ($6::timestamptz AT TIME ZONE zone)::date THEN receiver_id
    WHEN waits_for = 'sender' THEN sender_id WHEN waits_for = 'receiver' THEN receiver_id END = $1) = ($5 = 'us')))`;

/** What FHIR asks by; null: whatever it is. A closed referral that was declined before is another than one that came to its end. */
export interface ReferralSearch {
  readonly id: ReferralId | null;
  readonly patient: PatientId | null;
  readonly sender: PracticeId | null;
  readonly receiver: PracticeId | null;
  readonly service: ServiceCode | null;
  readonly urgency: Urgency | null;
  readonly stands: readonly { readonly status: ReferralStatus; readonly declined: boolean }[] | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export interface ReferralFilter {
  readonly direction: 'sent' | 'received' | null;
  readonly status: ReferralStatus | null;
  readonly patient: PatientId | null;
  readonly waitsFor: 'us' | 'them' | null;
}

@Injectable()
export class ReferralRepository {
  async insert(tx: Tx, r: Referral): Promise<void> {
    await tx.execute(
      `INSERT INTO referral (id, version, status, sender_id, receiver_id, outside, agreement_id, patient_id, receiver_patient_id, service_code, urgency, needs_authorisation, authorisation_expires, decline_code, choice,
         appointment_id, visit_at, zone, sent_at, sent_by, since, due_at, waits_for, sender_key, receiver_key, sealed_letter, sealed_authorisation, sealed_answer, sealed_note)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
      [r.id, r.version, r.status, r.sender, r.receiver, json(r.outside), r.agreement, r.patient, r.receiverPatient, r.service, r.urgency, r.needsAuthorisation, r.authorisationExpires, r.declineCode, json(choiceAsStored(r.choice)),
        r.appointment, date(r.visitAt), r.zone, toDate(r.sentAt), r.sentBy, toDate(r.since), date(r.dueAt), r.waitsFor, r.keys.sender, r.keys.receiver, r.sealed.letter, r.sealed.authorisation, r.sealed.answer, r.sealed.note],
    );
  }

  async update(tx: Tx, r: Referral): Promise<Referral> {
    await tx.execute(
      `UPDATE referral SET status = $2, authorisation_expires = $3, decline_code = $4, choice = $5, appointment_id = $6, visit_at = $7, since = $8, due_at = $9, waits_for = $10, sealed_authorisation = $11, sealed_answer = $12,
         sealed_note = $13, version = version + 1 WHERE id = $1`,
      [r.id, r.status, r.authorisationExpires, r.declineCode, json(choiceAsStored(r.choice)), r.appointment, date(r.visitAt), toDate(r.since), date(r.dueAt), r.waitsFor, r.sealed.authorisation, r.sealed.answer, r.sealed.note],
    );
    return { ...r, version: r.version + 1 };
  }

  async find(sql: Sql, id: ReferralId): Promise<Referral | null> {
    const [row] = await sql.query<ReferralRow>(`SELECT ${COLUMNS} FROM referral WHERE id = $1`, [id]);
    return row ? toReferral(row) : null;
  }

  /** Behind the appointment and before the person in the one lock order (P1). */
  async lock(sql: Sql, id: ReferralId): Promise<Referral | null> {
    const [row] = await sql.query<ReferralRow>(`SELECT ${COLUMNS} FROM referral WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return row ? toReferral(row) : null;
  }

  /** What the practice sent or received, in the order in which it was sent. */
  async list(sql: Sql, practice: PracticeId, by: ReferralFilter, now: Instant, page: { readonly after: string | null; readonly limit: number }): Promise<Referral[]> {
    const rows = await sql.query<ReferralRow>(`SELECT ${COLUMNS} FROM referral WHERE ${ASKED} AND ($7::uuid IS NULL OR id > $7) ORDER BY id LIMIT $8`,
      [practice, by.direction, by.status, by.patient, by.waitsFor, toDate(now), page.after, page.limit]);
    return rows.map(toReferral);
  }

  /** What the tenant sent or received, by id, which is the order in which it was sent. */
  async search(sql: Sql, practice: PracticeId, by: ReferralSearch, page: { readonly after: string | null; readonly limit: number }): Promise<Referral[]> {
    const rows = await sql.query<ReferralRow>(
      `SELECT ${COLUMNS} FROM referral WHERE ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR (sender_id = $12 AND patient_id = $2) OR (receiver_id = $12 AND receiver_patient_id = $2)) AND ($3::text IS NULL OR sender_id = $3) AND ($4::text IS NULL OR receiver_id = $4)
         AND ($5::text IS NULL OR service_code = $5) AND ($6::text IS NULL OR urgency = $6) AND ($7::text[] IS NULL OR status || ' ' || (decline_code IS NOT NULL) = ANY ($7)) AND ($8::timestamptz IS NULL OR sent_at >= $8)
         AND ($9::timestamptz IS NULL OR sent_at < $9) AND ($10::uuid IS NULL OR id > $10) ORDER BY id LIMIT $11`,
      [by.id, by.patient, by.sender, by.receiver, by.service, by.urgency, by.stands && by.stands.map(({ status, declined }) => `${status} ${declined}`), date(by.from), date(by.to), page.after, page.limit, practice]);
    return rows.map(toReferral);
  }

  /** What is past its due time at `now`, the longest first. */
  async overdue(sql: Sql, practice: PracticeId, by: ReferralFilter, now: Instant, page: { readonly after: { readonly dueAt: Instant; readonly id: string } | null; readonly limit: number }): Promise<Referral[]> {
    const rows = await sql.query<ReferralRow>(`SELECT ${COLUMNS} FROM referral WHERE ${ASKED} AND due_at < $6 AND ($7::timestamptz IS NULL OR (due_at, id) > ($7, $8::uuid)) ORDER BY due_at, id LIMIT $9`,
      [practice, by.direction, by.status, by.patient, by.waitsFor, toDate(now), date(page.after?.dueAt ?? null), page.after?.id ?? null, page.limit]);
    return rows.map(toReferral);
  }

  /** Whether the practice gives the service at all, in its own calendar or in what it publishes. */
  async offers(sql: Sql, practice: PracticeId, service: ServiceCode): Promise<boolean> {
    return (await this.offering(sql, service)).some(({ id }) => id === practice);
  }

  /** Whether somebody is there who reads what is sent; a practice that only publishes its times has nobody. */
  async isStaffed(sql: Sql, practice: PracticeId): Promise<boolean> {
    return (await sql.query('SELECT 1 FROM practice WHERE id = $1 AND staffed', [practice])).length > 0;
  }

  /** The practices in sight of the tenant that give the service and can be sent a referral. */
  offering(sql: Sql, service: ServiceCode): Promise<{ id: PracticeId; name: string }[]> {
    return sql.query<{ id: PracticeId; name: string }>(
      `SELECT p.id, p.name FROM practice p WHERE p.staffed AND (EXISTS (SELECT 1 FROM visit_type v WHERE v.practice_id = p.id AND v.service_code = $1 AND v.active)
         OR EXISTS (SELECT 1 FROM feed_schedule f WHERE f.practice_id = p.id AND f.service_code = $1)) ORDER BY p.id`, [service]);
  }
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
const date = (at: Instant | null): Date | null => (at === null ? null : toDate(at));
const choiceAsStored = (choice: PatientChoice | null) => choice && { ...choice, at: formatInstant(choice.at) };

const toReferral = (row: ReferralRow): Referral => ({
  id: row.id, version: row.version, status: row.status, sender: row.sender_id, receiver: row.receiver_id, outside: storedPlace.parse(row.outside), agreement: row.agreement_id, patient: row.patient_id,
  receiverPatient: row.receiver_patient_id, service: row.service_code, urgency: row.urgency, needsAuthorisation: row.needs_authorisation, authorisationExpires: row.authorisation_expires, declineCode: row.decline_code,
  choice: storedChoice.parse(row.choice), appointment: row.appointment_id, visitAt: instantOrNull(row.visit_at), zone: row.zone, sentAt: instantOfDate(row.sent_at), sentBy: row.sent_by, since: instantOfDate(row.since),
  dueAt: instantOrNull(row.due_at), waitsFor: row.waits_for, keys: { sender: row.sender_key, receiver: row.receiver_key },
  sealed: { letter: row.sealed_letter, authorisation: row.sealed_authorisation, answer: row.sealed_answer, note: row.sealed_note },
});
