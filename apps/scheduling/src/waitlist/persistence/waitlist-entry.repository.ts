import { Injectable } from '@nestjs/common';
import {
  type AppointmentId, type Instant, type LocalDate, type LocalTime, type OfferRoundId, type PatientId, type PersonId, type PracticeId, type ServiceCode, type WaitlistEntryId, type Zone, instantOfDate, toDate,
} from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { OfZones } from '../domain/look';
import type { Urgency } from '../domain/turn';
import type { PatientNeeds } from '../../openings/domain/care';
import { needsIn } from '../../openings/persistence/care.repository';
import type { EndReason, EntryStatus, OfferChannel, WaitlistEntry } from '../waitlist-entry';

interface EntryRow {
  id: WaitlistEntryId; practice_id: PracticeId; patient_id: PatientId; person_id: PersonId; service_code: ServiceCode; practices: PracticeId[] | null; weekdays: number[] | null;
  from_time: LocalTime | null; to_time: LocalTime | null; earliest: LocalDate | null; latest: LocalDate | null; latitude: number | null; longitude: number | null; radius_km: number | null;
  notice_minutes: number; urgency: Urgency; channels: OfferChannel[]; replaces_id: AppointmentId | null; confidential: boolean; status: EntryStatus; end_reason: EndReason | null; appointment_id: AppointmentId | null; added_at: Date; until: Date; version: number; sealed_answers: string | null;
}
const COLUMNS = `e.id, e.practice_id, e.patient_id, e.person_id, e.service_code, e.practices, e.weekdays, e.from_time, e.to_time, e.earliest::text, e.latest::text, e.latitude, e.longitude, e.radius_km,
  e.notice_minutes, e.urgency, e.channels, e.replaces_id, e.confidential, e.status, e.end_reason, e.appointment_id, e.added_at, e.until, e.version, e.sealed_answers`;
/** The host is the third parameter. Nobody is offered time across a practice that leaves. */
const IN_NETWORK_OF_HOST = `(e.practice_id = $3 OR EXISTS (SELECT FROM membership a JOIN membership b ON b.partnership_id = a.partnership_id WHERE a.practice_id = e.practice_id AND b.practice_id = $3
  AND NOT EXISTS (SELECT FROM exit_plan x WHERE x.state = 'leaving' AND x.practice_id IN (e.practice_id, $3))))`;
/** Of the host, who is the third parameter. */
const RESTRICTED = `(e.practice_id <> $3 AND patient_restricts(e.patient_id, $3))`;
const MAY_EXPIRE = `e.status = 'waiting' AND NOT EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.state = 'open')`;
const TURN = `array_position('{urgent,soon,routine}', e.urgency)`;

export interface EntryFilter {
  readonly status: EntryStatus | null;
  readonly service: ServiceCode | null;
  readonly patient: PatientId | null;
  readonly after: string | null;
  readonly limit: number;
}

interface FreedBy {
  readonly id: OfferRoundId;
  readonly host: PracticeId;
  readonly freedBy: AppointmentId | null;
  readonly service: ServiceCode;
  readonly start: Instant;
  readonly end: Instant;
}

export interface FoundWaiting {
  readonly entry: WaitlistEntry;
  readonly zone: Zone;
  readonly needs: PatientNeeds | null;
}

@Injectable()
export class WaitlistEntryRepository {
  /** False: the patient waits for this service already. */
  async add(tx: Tx, e: WaitlistEntry): Promise<boolean> {
    const { wish } = e;
    return (await tx.execute(
      `INSERT INTO waitlist_entry (id, practice_id, patient_id, person_id, service_code, practices, weekdays, from_time, to_time, earliest, latest, latitude, longitude, radius_km, notice_minutes, urgency, channels, replaces_id, added_at, sealed_answers, until, confidential)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) ON CONFLICT (patient_id, service_code) WHERE status = 'waiting' DO NOTHING`,
      [e.id, e.practice, e.patient, e.person, wish.service, wish.practices, wish.weekdays, wish.from, wish.to, wish.earliest, wish.latest, wish.near?.latitude ?? null, wish.near?.longitude ?? null, wish.near?.radiusKm ?? null,
        wish.noticeMinutes, e.urgency, e.channels, e.replaces, toDate(e.addedAt), e.sealedAnswers, toDate(e.until), e.confidential],
    )) === 1;
  }

  async find(sql: Sql, id: WaitlistEntryId): Promise<WaitlistEntry | null> {
    const [row] = await sql.query<EntryRow>(`SELECT ${COLUMNS} FROM waitlist_entry e WHERE e.id = $1`, [id]);
    return row ? toEntry(row) : null;
  }

  async lock(sql: Sql, id: WaitlistEntryId): Promise<WaitlistEntry | null> {
    const [row] = await sql.query<EntryRow>(`SELECT ${COLUMNS} FROM waitlist_entry e WHERE e.id = $1 FOR NO KEY UPDATE`, [id]);
    return row ? toEntry(row) : null;
  }

  async waitingOf(sql: Sql, patient: PatientId, service: ServiceCode): Promise<WaitlistEntryId | null> {
    const [row] = await sql.query<{ id: WaitlistEntryId }>(`SELECT id FROM waitlist_entry WHERE patient_id = $1 AND service_code = $2 AND status = 'waiting'`, [patient, service]);
    return row?.id ?? null;
  }

  async waitingIdsOf(sql: Sql, patient: PatientId): Promise<WaitlistEntryId[]> {
    return (await sql.query<{ id: WaitlistEntryId }>(`SELECT id FROM waitlist_entry WHERE patient_id = $1 AND status = 'waiting' ORDER BY id`, [patient])).map(({ id }) => id);
  }

  async list(sql: Sql, filter: EntryFilter): Promise<WaitlistEntry[]> {
    const rows = await sql.query<EntryRow>(
      `SELECT ${COLUMNS} FROM waitlist_entry e WHERE ($1::text IS NULL OR e.status = $1) AND ($2::text IS NULL OR e.service_code = $2) AND ($3::uuid IS NULL OR e.patient_id = $3) AND ($4::uuid IS NULL OR e.id > $4) ORDER BY e.id LIMIT $5`,
      [filter.status, filter.service, filter.patient, filter.after, filter.limit]);
    return rows.map(toEntry);
  }

  /**
   * Who waits for a service in the network of a host, was not asked in this round, not by another practice either (unless that one could not reach them, or took them off its list), has no other offer open, did not give this very time back, and is free then apart from a later visit that it would take the place of: so many of them, of some
   * zones or without some, in turn as far as it does not depend on the place, from behind an entry on.
   */
  async candidates(sql: Sql, round: FreedBy, now: Instant, part: OfZones & { readonly behind: WaitlistEntry | null; readonly most: number }): Promise<readonly FoundWaiting[]> {
    const { behind } = part;
    const rows = await sql.query<EntryRow & { zone: Zone; needs: string[]; language: string }>(
      `SELECT ${COLUMNS}, p.zone, p.needs, p.language FROM waitlist_entry e JOIN patient p ON p.id = e.patient_id AND p.wrapped_key IS NOT NULL AND NOT p.deceased AND ($12::text[] IS NULL OR p.zone = ANY ($12)) AND p.zone <> ALL ($13::text[])
       WHERE e.status = 'waiting' AND e.until > $8 AND e.service_code = $2 AND ${IN_NETWORK_OF_HOST} AND NOT ${RESTRICTED}
         AND NOT EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.round_id = $1) AND NOT EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.state = 'open')
         AND NOT EXISTS (SELECT FROM offer o JOIN waitlist_entry same ON same.id = o.entry_id WHERE o.round_id = $1 AND same.person_id = e.person_id AND o.state NOT IN ('not-reached', 'withdrawn'))
         AND NOT EXISTS (SELECT FROM appointment a WHERE a.id = $7 AND a.person_id = e.person_id)
         AND (e.replaces_id IS NULL OR EXISTS (SELECT FROM appointment a WHERE a.id = e.replaces_id AND (a.status = 'cancelled' OR (a.status IN ('pending', 'booked') AND a.starts_at > $4))))
         AND NOT EXISTS (SELECT FROM person_time t WHERE t.person_id = e.person_id AND t.active AND t.during && tstzrange($4, $5) AND t.appointment_id IS DISTINCT FROM e.replaces_id)
         AND ($9::uuid IS NULL OR (${TURN}, e.added_at, e.id) > (array_position('{urgent,soon,routine}', $10::text), $11::timestamptz, $9::uuid))
       ORDER BY ${TURN}, e.added_at, e.id LIMIT $6`,
      [round.id, round.service, round.host, toDate(round.start), toDate(round.end), part.most, round.freedBy, toDate(now), behind?.id ?? null, behind?.urgency ?? null, behind === null ? null : toDate(behind.addedAt),
        'only' in part ? part.only : null, 'without' in part ? part.without : []]);
    return rows.map((row) => ({ entry: toEntry(row), zone: row.zone, needs: needsIn(row) }));
  }

  /** Who waits for anything in the network of a host and has no offer open, in turn as far as it does not depend on the place. */
  async inTurn(sql: Sql, host: PracticeId, now: Instant, limit: number): Promise<WaitlistEntry[]> {
    return (await sql.query<EntryRow>(
      `SELECT ${COLUMNS} FROM waitlist_entry e WHERE e.status = 'waiting' AND e.until > $1 AND ${IN_NETWORK_OF_HOST} AND NOT ${RESTRICTED} AND NOT EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.state = 'open')
         AND EXISTS (SELECT FROM visit_type v WHERE v.practice_id = $3 AND v.active AND v.service_code = e.service_code)
       ORDER BY array_position('{urgent,soon,routine}', e.urgency), e.added_at, e.id LIMIT $2`, [toDate(now), limit, host])).map(toEntry);
  }

  /** Whose time of waiting is over and who is not being asked just now. */
  async due(sql: Sql, now: Instant, limit: number): Promise<{ readonly id: WaitlistEntryId; readonly practice: PracticeId }[]> {
    return (await sql.query<{ id: WaitlistEntryId; practice_id: PracticeId }>(`SELECT e.id, e.practice_id FROM waitlist_entry e WHERE e.until <= $1 AND ${MAY_EXPIRE} ORDER BY e.until, e.id LIMIT $2`, [toDate(now), limit])).map((row) => ({ id: row.id, practice: row.practice_id }));
  }

  async nextExpiry(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ at: Date | null }>(`SELECT e.until AS at FROM waitlist_entry e WHERE ${MAY_EXPIRE} ORDER BY e.until LIMIT 1`);
    return row?.at ? instantOfDate(row.at) : null;
  }

  /** Of some entries those that still wait and have no offer open, locked in the order of their ids; after rounds and offers. */
  async lockWaiting(sql: Sql, ids: readonly WaitlistEntryId[]): Promise<ReadonlySet<WaitlistEntryId>> {
    await sql.query(`SELECT id FROM waitlist_entry WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [[...ids]]);
    const rows = await sql.query<{ id: WaitlistEntryId }>(`SELECT e.id FROM waitlist_entry e WHERE e.id = ANY ($1::uuid[]) AND e.status = 'waiting' AND NOT EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.state = 'open')`, [[...ids]]);
    return new Set(rows.map(({ id }) => id));
  }

  async end(tx: Tx, id: WaitlistEntryId, status: Exclude<EntryStatus, 'waiting'>, appointment: AppointmentId | null, reason: EndReason | null = null): Promise<void> {
    await tx.execute(`UPDATE waitlist_entry SET status = $2, appointment_id = $3, end_reason = $4, version = version + 1 WHERE id = $1`, [id, status, appointment, reason]);
  }
}

const toEntry = (row: EntryRow): WaitlistEntry => ({
  id: row.id, practice: row.practice_id, patient: row.patient_id, person: row.person_id, urgency: row.urgency, channels: row.channels, replaces: row.replaces_id, confidential: row.confidential, status: row.status, endReason: row.end_reason, appointment: row.appointment_id,
  addedAt: instantOfDate(row.added_at), until: instantOfDate(row.until), version: row.version, sealedAnswers: row.sealed_answers,
  wish: {
    service: row.service_code, practices: row.practices, weekdays: row.weekdays, from: row.from_time, to: row.to_time, earliest: row.earliest, latest: row.latest, noticeMinutes: row.notice_minutes,
    near: row.latitude !== null && row.longitude !== null && row.radius_km !== null ? { latitude: row.latitude, longitude: row.longitude, radiusKm: row.radius_km } : null,
  },
});
