import type { Tx } from '@slotmesh/persistence';

/** The only number of a patient, a representative's, who may be written to there. */
const REACHED = (contact: string): string => `${contact}.channel = 'sms' AND ${contact}.representative IS NOT NULL AND ${contact}.consented AND ${contact}.wrong_at IS NULL
  AND NOT EXISTS (SELECT FROM patient_contact other WHERE other.patient = ${contact}.patient AND other.channel = 'sms' AND other.idx <> ${contact}.idx)`;
const DAY = (message: string): string => `(SELECT CASE WHEN min((v.start_at AT TIME ZONE v.zone)::date) = max((v.start_at AT TIME ZONE v.zone)::date) AND NOT bool_or(v.confidential) THEN min((v.start_at AT TIME ZONE v.zone)::date) END
  FROM message_subject s JOIN visit v ON v.id = s.id WHERE s.message_id = ${message}.id)`;

/** Reminders that may leave together with one of these: of other patients whose phone is the same representative's, of the same practice, about visits on the same day of their places, none confidential. */
export async function remindersOfFamily(tx: Tx, ids: readonly string[]): Promise<{ leader: string; other: string }[]> {
  return tx.query(
    `SELECT m.id AS leader, o.id AS other FROM message m
     JOIN patient p ON p.id = m.patient AND NOT p.absent AND NOT p.voice_only JOIN patient_contact c ON c.patient = m.patient AND ${REACHED('c')}
     JOIN patient_contact d ON d.idx = c.idx AND d.practice = c.practice AND d.patient <> c.patient AND ${REACHED('d')}
     JOIN patient q ON q.id = d.patient AND (q.language, q.zone) = (p.language, p.zone) AND NOT q.absent AND NOT q.voice_only
     JOIN message o ON o.patient = d.patient AND o.state = 'pending' AND (o.host, o.booking, o.class, o.template, o.channels, o.tried) = (m.host, m.booking, m.class, m.template, m.channels, m.tried) AND NOT o.alone AND o.not_before <= $2
     WHERE m.id = ANY ($1::uuid[]) AND m.template = 'visit-reminder' AND 'sms' = ANY (m.channels) AND NOT 'sms' = ANY (m.tried) AND NOT m.must_reach AND NOT o.must_reach AND NOT m.alone AND ${DAY('m')} = ${DAY('o')}
     ORDER BY m.visit_start, m.id, o.visit_start, o.id`,
    [ids, new Date(tx.now)],
  );
}

/** Lets a reminder wait a moment of real time where another one for the same representative may be on its way. */
export async function waitForFamily(tx: Tx, message: string, ms: number): Promise<void> {
  await tx.execute(
    `UPDATE message m SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE m.id = $1 AND m.template = 'visit-reminder' AND EXISTS (
       SELECT FROM patient_contact c JOIN patient_contact d ON d.idx = c.idx AND d.practice = c.practice AND d.patient <> c.patient AND ${REACHED('d')} WHERE c.patient = m.patient AND ${REACHED('c')})`,
    [message, ms / 1_000],
  );
}

/** Takes what the others speak of into the leader; each subject keeps the request and the patient that it came with, and gets its own outcome. */
export async function takeIn(tx: Tx, leader: string, others: readonly string[]): Promise<void> {
  for (const other of others) {
    await tx.execute(
      `UPDATE message_subject s SET message_id = $1, request_id = coalesce(s.request_id, m.request_id), patient = coalesce(s.patient, m.patient), position = s.position + (SELECT max(t.position) + 1 FROM message_subject t WHERE t.message_id = $1)
       FROM message m WHERE s.message_id = $2 AND m.id = s.message_id`,
      [leader, other],
    );
    await tx.execute('UPDATE message l SET expires_at = least(l.expires_at, o.expires_at), visit_start = least(l.visit_start, o.visit_start) FROM message o WHERE l.id = $1 AND o.id = $2', [leader, other]);
    await tx.execute(`UPDATE message SET state = 'merged', merged_into = $1, lease_until = NULL WHERE id = $2`, [leader, other]);
  }
}

/** What could not leave together goes on by itself: each subject back to the message that asked for it. */
export async function takeApart(tx: Tx, leader: string): Promise<void> {
  const apart = (await tx.query<{ id: string }>(
    `UPDATE message_subject s SET message_id = o.id, request_id = NULL, patient = NULL FROM message o WHERE s.message_id = $1 AND s.request_id = o.request_id AND o.id <> $1 RETURNING o.id`, [leader])).map(({ id }) => id);
  await tx.execute(`UPDATE message o SET state = 'pending', merged_into = NULL, alone = true, tried = l.tried, not_before = $3, lease_until = NULL FROM message l WHERE l.id = $1 AND o.id = ANY ($2::uuid[])`, [leader, apart, new Date(tx.now)]);
  await tx.execute('UPDATE message SET alone = true, not_before = $2, lease_until = NULL WHERE id = $1', [leader, new Date(tx.now)]);
}

/** Of these contact points those that all patients may be written to by: one message about several goes nowhere else. */
export async function sharedByAll(tx: Tx, patients: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ channel: string; idx: string }>(
    `SELECT c.channel, c.idx FROM patient_contact c JOIN patient p ON p.id = c.patient WHERE c.patient = ANY ($1::uuid[]) AND c.consented AND c.wrong_at IS NULL AND NOT p.absent GROUP BY c.channel, c.idx HAVING count(DISTINCT c.patient) = $2`, [patients, patients.length]);
  return new Set(rows.map(({ channel, idx }) => `${channel} ${idx}`));
}
