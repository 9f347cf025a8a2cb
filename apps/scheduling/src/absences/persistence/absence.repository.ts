import { Injectable } from '@nestjs/common';
import { type AppointmentId, type HoldId, type Instant, type LocalDate, type OfferRoundId, type OpeningId, type PracticeId, type ProviderId, type ResourceId, type SiteId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** Whole days of the sites' calendars, both inclusive: of a provider, of a site, or of a provider at one site. */
export interface ClosedTime {
  readonly practice: PracticeId;
  readonly provider: ProviderId | null;
  readonly site: SiteId | null;
  readonly from: LocalDate;
  readonly to: LocalDate;
}
export interface Absence extends ClosedTime {
  readonly id: string;
  readonly reason: string;
  /** Null: lifted, by itself or because its closure was removed. */
  readonly closure: string | null;
  readonly closedAt: Instant;
  readonly closedBy: string;
  readonly liftedAt: Instant | null;
}
export interface Agreed {
  readonly how: string;
  readonly by: string;
}
export interface AffectedRecord {
  readonly appointment: AppointmentId;
  readonly start: Instant;
  readonly outcome: 'moved' | 'kept' | null;
  readonly opening: OpeningId | null;
  readonly movedTo: AppointmentId | null;
  readonly agreed: Agreed | null;
  readonly sealedNote: string | null;
  readonly settledBy: string | null;
  readonly settledAt: Instant | null;
  /** When the host's call list was last asked to call about it. */
  readonly askedAt: Instant | null;
}
interface AbsenceRow {
  id: string; practice_id: PracticeId; provider_id: ProviderId | null; site_id: SiteId | null; from_date: LocalDate; to_date: LocalDate; reason: string; closure_id: string | null; closed_at: Date; closed_by: string; lifted_at: Date | null;
}
interface RecordRow {
  appointment_id: AppointmentId; starts_at: Date; outcome: 'moved' | 'kept' | null; opening: OpeningId | null; moved_to: AppointmentId | null; agreed_how: string | null; agreed_by: string | null; sealed_note: string | null; settled_by: string | null; settled_at: Date | null; asked_at: Date | null;
}
const columnsOf = (a: string): string => `${a}.id, ${a}.practice_id, ${a}.provider_id, ${a}.site_id, ${a}.from_date::text, ${a}.to_date::text, ${a}.reason, ${a}.closure_id, ${a}.closed_at, ${a}.closed_by, ${a}.lifted_at`;
const COLUMNS = columnsOf('absence');
/** `t` begins or runs in the closed time of a site's own calendar; `s` is its site. */
const inside = (practice: string, provider: string, site: string, from: string, to: string): string =>
  `t.host_id = ${practice} AND (${provider} IS NULL OR t.provider_id = ${provider}) AND (${site} IS NULL OR t.site_id = ${site}) AND t.ends_at > (${from}::timestamp AT TIME ZONE s.zone) AND t.starts_at < ((${to} + 1)::timestamp AT TIME ZONE s.zone)`;
const INSIDE = inside('$1', '$2::uuid', '$3::uuid', '$4::date', '$5::date');
/** `b` is an absence that `t` lies in and about which nothing was settled yet; `v` is what is recorded about it. */
export const AFFECTING = `FROM appointment t JOIN site s ON s.id = t.site_id JOIN absence b ON b.closure_id IS NOT NULL AND ${inside('b.practice_id', 'b.provider_id', 'b.site_id', 'b.from_date', 'b.to_date')}
   LEFT JOIN absence_visit v ON v.absence_id = b.id AND v.appointment_id = t.id WHERE v.outcome IS NULL AND t.status IN ('pending', 'booked')`;
const insideOf = (time: ClosedTime) => [time.practice, time.provider, time.site, time.from, time.to] as const;

@Injectable()
export class AbsenceRepository {
  async add(tx: Tx, a: Absence): Promise<void> {
    await tx.execute(`INSERT INTO absence (id, practice_id, provider_id, site_id, from_date, to_date, reason, closure_id, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [a.id, a.practice, a.provider, a.site, a.from, a.to, a.reason, a.closure, toDate(a.closedAt), a.closedBy]);
  }

  async find(sql: Sql, practice: PracticeId, id: string): Promise<Absence | null> {
    const [row] = await sql.query<AbsenceRow>(`SELECT ${COLUMNS} FROM absence WHERE id = $1 AND practice_id = $2`, [id, practice]);
    return row ? toAbsence(row) : null;
  }

  async list(sql: Sql, practice: PracticeId, after: string | null, limit: number): Promise<Absence[]> {
    return (await sql.query<AbsenceRow>(`SELECT ${COLUMNS} FROM absence WHERE practice_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`, [practice, after, limit])).map(toAbsence);
  }

  async lift(tx: Tx, id: string): Promise<void> {
    await tx.execute(`UPDATE absence SET lifted_at = $2 WHERE id = $1 AND lifted_at IS NULL`, [id, toDate(tx.now)]);
  }

  /** Visits that lie in the closed time as it is now: also one that was in flight when the days were closed. */
  async visitsInside(tx: Tx, time: ClosedTime): Promise<AppointmentId[]> {
    const rows = await tx.query<{ id: AppointmentId }>(
      `SELECT t.id FROM appointment t JOIN site s ON s.id = t.site_id WHERE ${INSIDE} AND t.ends_at > $6 AND t.status IN ('pending', 'booked', 'arrived', 'checked-in') ORDER BY t.id`, [...insideOf(time), toDate(tx.now)]);
    return rows.map(({ id }) => id);
  }

  /** Absences in which a visit lies, with nothing settled about it. */
  async affecting(sql: Sql, visit: AppointmentId): Promise<Absence[]> {
    return (await sql.query<AbsenceRow>(`SELECT ${columnsOf('b')} ${AFFECTING} AND t.id = $1 ORDER BY b.id`, [visit])).map(toAbsence);
  }

  /** Of these visits those whose patients were asked to move them, and have not yet. */
  async toMove(sql: Sql, visits: readonly AppointmentId[]): Promise<ReadonlySet<AppointmentId>> {
    return new Set((await sql.query<{ id: AppointmentId }>(`SELECT DISTINCT t.id ${AFFECTING} AND t.id = ANY ($1::uuid[]) AND v.asked_at IS NOT NULL`, [visits])).map(({ id }) => id));
  }

  async holdsInside(tx: Tx, time: ClosedTime): Promise<HoldId[]> {
    return (await tx.query<{ id: HoldId }>(`SELECT t.id FROM hold t JOIN site s ON s.id = t.site_id WHERE ${INSIDE} AND t.state = 'active' ORDER BY t.id`, insideOf(time))).map(({ id }) => id);
  }

  async roundsInside(tx: Tx, time: ClosedTime): Promise<OfferRoundId[]> {
    return (await tx.query<{ id: OfferRoundId }>(`SELECT t.id FROM offer_round t JOIN site s ON s.id = t.site_id WHERE ${INSIDE} AND t.next_at IS NOT NULL ORDER BY t.id`, insideOf(time))).map(({ id }) => id);
  }

  /** Group sessions that are not over, which the host opened ahead and nobody has booked a seat in; a seat may be held. */
  async sessionsInside(tx: Tx, time: ClosedTime): Promise<string[]> {
    return (await tx.query<{ id: string }>(`SELECT t.id FROM group_session t JOIN site s ON s.id = t.site_id WHERE ${INSIDE} AND t.open AND t.opened_ahead AND t.ends_at > $6
         AND NOT EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = t.id AND o.active AND o.appointment_id IS NOT NULL) ORDER BY t.id`, [...insideOf(time), toDate(tx.now)])).map(({ id }) => id);
  }

  /** Of the provider, or of everybody who works at the site, and of every provider and thing that holds and group sessions take in the closed time. */
  async resourcesInside(tx: Tx, time: ClosedTime): Promise<ResourceId[]> {
    const rows = await tx.query<{ id: ResourceId }>(
      `SELECT r.id FROM resource r WHERE r.practice_id = $1 AND r.provider_id IS NOT NULL AND (r.provider_id = $2::uuid OR ($2::uuid IS NULL AND r.provider_id IN (
         SELECT h.provider_id FROM availability h WHERE h.site_id = $3 UNION SELECT x.provider_id FROM availability_exception x WHERE x.site_id = $3))) UNION
       SELECT o.resource_id FROM hold t JOIN site s ON s.id = t.site_id JOIN occupancy o ON o.hold_id = t.id AND o.active WHERE ${INSIDE} AND t.state = 'active' UNION
       SELECT o.resource_id FROM group_session t JOIN site s ON s.id = t.site_id JOIN occupancy o ON o.group_session_id = t.id AND o.active WHERE ${INSIDE} AND t.open AND t.opened_ahead ORDER BY 1`, insideOf(time));
    return rows.map(({ id }) => id);
  }

  async note(tx: Tx, absence: Absence, visits: readonly { readonly id: AppointmentId; readonly start: Instant }[]): Promise<void> {
    await tx.execute(`INSERT INTO absence_visit (absence_id, appointment_id, practice_id, starts_at) SELECT $1, v.id, $2, v.starts FROM unnest($3::uuid[], $4::timestamptz[]) AS v(id, starts) ON CONFLICT DO NOTHING`,
      [absence.id, absence.practice, visits.map(({ id }) => id), visits.map(({ start }) => toDate(start))]);
  }

  async records(sql: Sql, absence: string): Promise<AffectedRecord[]> {
    return (await sql.query<RecordRow>(`SELECT * FROM absence_visit WHERE absence_id = $1 ORDER BY appointment_id`, [absence])).map(toRecord);
  }

  async record(sql: Sql, absence: string, visit: AppointmentId): Promise<AffectedRecord | null> {
    const [row] = await sql.query<RecordRow>(`SELECT * FROM absence_visit WHERE absence_id = $1 AND appointment_id = $2`, [absence, visit]);
    return row ? toRecord(row) : null;
  }

  async asked(tx: Tx, absence: Absence, visit: AppointmentId, start: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO absence_visit (absence_id, appointment_id, practice_id, starts_at, asked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (absence_id, appointment_id) DO UPDATE SET asked_at = excluded.asked_at`,
      [absence.id, visit, absence.practice, toDate(start), toDate(tx.now)]);
  }

  /** What was agreed about a visit; later words take the place of earlier ones. */
  async settle(tx: Tx, absence: Absence, r: Omit<AffectedRecord, 'settledAt' | 'askedAt'>): Promise<void> {
    await tx.execute(
      `INSERT INTO absence_visit (absence_id, appointment_id, practice_id, starts_at, outcome, opening, moved_to, agreed_how, agreed_by, sealed_note, settled_by, settled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (absence_id, appointment_id) DO UPDATE SET outcome = excluded.outcome, opening = excluded.opening, moved_to = excluded.moved_to, agreed_how = excluded.agreed_how, agreed_by = excluded.agreed_by,
         sealed_note = excluded.sealed_note, settled_by = excluded.settled_by, settled_at = excluded.settled_at`,
      [absence.id, r.appointment, absence.practice, toDate(r.start), r.outcome, r.opening, r.movedTo, r.agreed?.how ?? null, r.agreed?.by ?? null, r.sealedNote, r.settledBy, toDate(tx.now)]);
  }
}

const toAbsence = (row: AbsenceRow): Absence => ({
  id: row.id, practice: row.practice_id, provider: row.provider_id, site: row.site_id, from: row.from_date, to: row.to_date, reason: row.reason, closure: row.closure_id, closedAt: instantOfDate(row.closed_at), closedBy: row.closed_by,
  liftedAt: row.lifted_at ? instantOfDate(row.lifted_at) : null,
});
const toRecord = (row: RecordRow): AffectedRecord => ({
  appointment: row.appointment_id, start: instantOfDate(row.starts_at), outcome: row.outcome, opening: row.opening, movedTo: row.moved_to, agreed: row.agreed_how !== null && row.agreed_by !== null ? { how: row.agreed_how, by: row.agreed_by } : null,
  sealedNote: row.sealed_note, settledBy: row.settled_by, settledAt: row.settled_at ? instantOfDate(row.settled_at) : null, askedAt: row.asked_at ? instantOfDate(row.asked_at) : null,
});
