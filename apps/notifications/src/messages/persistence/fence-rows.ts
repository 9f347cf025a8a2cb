import { language, modality, appointmentStatus, optOutClass } from '@slotmesh/contracts';
import { DEFAULT_QUIET_HOURS, type Instant, type LocalTime, type QuietHours, type Zone, addDays, instantOf, instantOfDate, localDateOf, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { askedFor } from '../domain/fence';
import type { MessageRow } from './message-rows';

const at = z.date().transform(instantOfDate);
const zone = z.string().transform(parseZone);
const time = z.string().transform((text) => text as LocalTime);
const patientRow = z.object({ id: z.uuid(), language, zone, given_name: z.string().nullable(), quiet_from: time, quiet_until: time, voice_only: z.boolean(), absent: z.boolean() });
export type PatientRow = z.output<typeof patientRow>;
const contactRow = z.object({
  channel: z.enum(['sms', 'email']), idx: z.string(), sealed: z.string().nullable(), consented: z.boolean(), unreachable: z.boolean(), wrong: z.boolean(), representative: z.uuid().nullable(),
  opt_outs: z.array(z.object({ practice: z.string().nullable(), class: optOutClass.nullable() })),
  /** The newest yes that was kept for it by this practice. */
  consent: z.uuid().nullable(),
});
export type ContactRow = z.output<typeof contactRow>;
const visitRow = z.object({
  id: z.uuid(), kind: z.enum(['appointment', 'offer']), patient: z.uuid(), host: z.string(), revision: z.int(), status: appointmentStatus, modality, start_at: at, end_at: at, zone, cancel_free_until: at.nullable(), gives_up_at: at.nullable(), gives_up_zone: zone.nullable(),
  site: z.object({ practice: z.string(), name: z.string(), phone: z.string(), line: z.string(), city: z.string(), state: z.string(), postalCode: z.string(), sensitive: z.boolean() }).nullable(), practice: z.string().nullable(), provider: z.string().nullable(),
  /** Null: not known yet whether it is. */
  sensitive: z.boolean().nullable(), confidential: z.boolean(),
});
export type VisitRow = z.output<typeof visitRow>;
/** `sensitive`: every site of it is. */
const practiceRow = z.object({ id: z.string(), name: z.string(), phone: z.string(), email: z.string(), sender_number: z.string(), sensitive: z.boolean() });
export type PracticeRow = z.output<typeof practiceRow>;

/** Locks the patient's row against a change and the contact points against STOP and against other messages that count; visits were locked before. What is started here runs in this order. */
export async function lockContacts(tx: Tx, message: MessageRow): Promise<void> {
  const patient = message.patient ? [tx.query('SELECT id FROM patient WHERE id = $1 FOR SHARE', [message.patient])] : [];
  const points = message.to_idx
    ? [tx.execute(`INSERT INTO contact_point (channel, idx) VALUES ('sms', $1) ON CONFLICT DO NOTHING`, [message.to_idx]), tx.query(`SELECT idx FROM contact_point WHERE channel = 'sms' AND idx = $1 FOR UPDATE`, [message.to_idx])]
    : [tx.query(`SELECT k.idx FROM contact_point k WHERE (k.channel, k.idx) IN (SELECT c.channel, c.idx FROM patient_contact c WHERE c.patient = $1) ORDER BY k.channel, k.idx FOR UPDATE OF k`, [message.patient])];
  await Promise.all([...patient, ...points]);
}

export async function readPatient(tx: Tx, id: string | null): Promise<PatientRow | null> {
  if (id === null) return null;
  const [row] = await tx.query('SELECT id, language, zone, given_name, quiet_from, quiet_until, voice_only, absent FROM patient WHERE id = $1', [id]);
  return row ? patientRow.parse(row) : null;
}

/** STOP and what is narrower, as a list; and the evidence of the last yes. */
const CONSENT = `(SELECT coalesce(jsonb_agg(jsonb_build_object('practice', o.practice, 'class', o.class)), '[]') FROM (SELECT NULL::text AS practice, NULL::text AS class WHERE k.opted_out_at IS NOT NULL UNION ALL SELECT n.practice, n.class FROM narrow_opt_out n WHERE n.channel = k.channel AND n.idx = k.idx) AS o) AS opt_outs,
  (SELECT e.id FROM consent_evidence e WHERE e.channel = k.channel AND e.idx = k.idx AND e.state = 'opted-in' AND (e.practice = $2 OR e.practice IS NULL) ORDER BY e.at DESC, e.id DESC LIMIT 1) AS consent`;

/** One contact point per channel: the first that may be used, else the first; the patient's own before a representative's where a visit is confidential. An answer goes to the phone that wrote. */
export async function readContacts(tx: Tx, message: MessageRow): Promise<ContactRow[]> {
  const rows = message.to_idx
    ? await tx.query(`SELECT k.channel, k.idx, NULL AS sealed, true AS consented, false AS wrong, NULL::uuid AS representative, k.unreachable_at IS NOT NULL AS unreachable, ${CONSENT} FROM contact_point k WHERE k.channel = 'sms' AND k.idx = $1`, [message.to_idx, message.host])
    : await tx.query(
        `SELECT DISTINCT ON (c.channel) c.channel, c.idx, c.sealed, c.consented, c.wrong_at IS NOT NULL AS wrong, c.representative, k.unreachable_at IS NOT NULL AS unreachable, ${CONSENT}
         FROM patient_contact c JOIN contact_point k ON k.channel = c.channel AND k.idx = c.idx WHERE c.patient = $1
         ORDER BY c.channel, (c.representative IS NOT NULL AND EXISTS (SELECT FROM visit v WHERE v.id = ANY ($3::uuid[]) AND v.confidential)), (c.consented AND c.wrong_at IS NULL AND k.opted_out_at IS NULL AND k.unreachable_at IS NULL
           AND NOT EXISTS (SELECT FROM narrow_opt_out n WHERE n.channel = c.channel AND n.idx = c.idx AND (n.practice IS NULL OR n.practice = $2) AND (n.class IS NULL OR n.class = $4))) DESC, c.position`,
        [message.patient, message.host, message.subjects.map(({ id }) => id), message.class],
      );
  return z.array(contactRow).parse(rows);
}

/**
 * Texts to a phone, on the patient's present day and in the seven days that end with it: of the practice those that count towards its cap, and today's of the whole network without those that
 * answer a wish of the patient's. Refused and absent ones never reached anybody.
 */
export async function countTexts(tx: Tx, host: string, idx: string, now: Instant, zone: Zone): Promise<{ today: number; thisWeek: number; networkToday: number }> {
  const today = localDateOf(now, zone);
  const midnight = (days: number): Date => new Date(instantOf(addDays(today, days), '00:00' as LocalTime, zone));
  const [row] = await tx.query<{ today: string; week: string; network: string }>(
    `SELECT count(*) FILTER (WHERE t.host = $2 AND t.counted AND t.intent_at >= $3) AS today, count(*) FILTER (WHERE t.host = $2 AND t.counted) AS week,
       count(*) FILTER (WHERE t.intent_at >= $3 AND m.class <> 'answer' AND m.template <> ALL ($5::text[])) AS network
     FROM attempt t JOIN message m ON m.id = t.message_id WHERE t.idx = $1 AND t.intent_at >= $4 AND t.channel = 'sms' AND t.state IN ('intent', 'accepted', 'unknown')`,
    [idx, host, midnight(0), midnight(-6), [...askedFor]],
  );
  return { today: Number(row?.today ?? 0), thisWeek: Number(row?.week ?? 0), networkToday: Number(row?.network ?? 0) };
}

/** A sender that costs its receivers nothing: said by the practice, false where it has not. */
export async function isFreeToEndUser(tx: Tx, practice: string): Promise<boolean> {
  const [row] = await tx.query<{ free_to_end_user: boolean }>('SELECT free_to_end_user FROM sending_rule WHERE practice = $1', [practice]);
  return row?.free_to_end_user ?? false;
}

/** Whether the offer that a message takes back ever went, or may have gone, to one of these contact points. */
export async function wasOffered(tx: Tx, message: MessageRow, contacts: readonly ContactRow[]): Promise<boolean> {
  const [row] = await tx.query(
    `SELECT 1 FROM attempt t CROSS JOIN jsonb_to_recordset(t.subjects) AS s(id uuid) WHERE t.idx = ANY ($1::text[]) AND t.host = $2 AND t.template = 'waitlist-offer' AND t.state IN ('intent', 'accepted', 'unknown') AND s.id = ANY ($3::uuid[]) LIMIT 1`,
    [contacts.map(({ idx }) => idx), message.host, message.subjects.map(({ id }) => id)]);
  return row !== undefined;
}

/** Given names, sealed, of these patients. */
export async function readGivenNames(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; given_name: string }>('SELECT id, given_name FROM patient WHERE id = ANY ($1::uuid[]) AND given_name IS NOT NULL', [ids]);
  return new Map(rows.map(({ id, given_name }) => [id, given_name]));
}

export async function readVisits(tx: Tx, ids: readonly string[]): Promise<VisitRow[]> {
  const rows = await tx.query(
    `SELECT a.id, a.kind, a.patient, a.host, a.revision, a.status, a.modality, a.start_at, a.end_at, a.zone, a.cancel_free_until, a.gives_up_at, a.gives_up_zone, p.name AS provider, h.name AS practice, a.confidential, CASE WHEN a.visit_type IS NULL THEN false ELSE t.sensitive END AS sensitive,
       CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('practice', s.practice, 'sensitive', s.sensitive, 'name', s.name, 'phone', s.phone, 'line', s.line, 'city', s.city, 'state', s.state, 'postalCode', s.postal_code) END AS site
     FROM visit a LEFT JOIN site s ON s.id = a.site LEFT JOIN practice h ON h.id = s.practice LEFT JOIN provider p ON p.id = a.provider LEFT JOIN visit_type t ON t.id = a.visit_type WHERE a.id = ANY ($1::uuid[])`,
    [ids],
  );
  return z.array(visitRow).parse(rows);
}

/** Which of these sites messages must not name. */
export async function sensitiveSites(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await tx.query<{ id: string }>('SELECT id FROM site WHERE sensitive AND id = ANY ($1::uuid[])', [[...new Set(ids)]])).map(({ id }) => id));
}

export async function readPractices(tx: Tx, ids: readonly string[]): Promise<Map<string, PracticeRow>> {
  const rows = z.array(practiceRow).parse(await tx.query('SELECT p.id, p.name, p.phone, p.email, p.sender_number, coalesce((SELECT bool_and(s.sensitive) FROM site s WHERE s.practice = p.id), false) AS sensitive FROM practice p WHERE p.id = ANY ($1::text[])', [ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

export const quietHoursOf = (patient: PatientRow | null): { readonly quiet: QuietHours; readonly zone: Zone } =>
  (patient ? { quiet: { from: patient.quiet_from, until: patient.quiet_until }, zone: patient.zone } : { quiet: DEFAULT_QUIET_HOURS, zone: parseZone('America/New_York') });
