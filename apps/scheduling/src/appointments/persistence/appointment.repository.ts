import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type OfferRoundId, type PatientId, type PersonId, type PracticeId, type ProviderId, type ReferralId, type SeriesId, type ServiceCode, type SiteId, type VisitChainId, type VisitTypeId, type AgreementId, type Zone, instantOfDate, instantOrNull, newId, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Care } from '../../openings/domain/care';
import type { Modality } from '../../openings/domain/opening';
import type { Appointment, Participation } from '../domain/appointment';
import type { ApprovalState } from '../domain/approval';
import { BookingReferralUsed } from '../domain/origin';
import type { AppointmentStatus } from '../domain/transitions';

interface AppointmentRow {
  id: AppointmentId; revision: number; version: number; status: AppointmentStatus; participation: Participation; host_id: PracticeId; booking_id: PracticeId;
  patient_id: PatientId; booking_patient_id: PatientId | null; referral_id: ReferralId | null; person_id: PersonId; agreement_id: AgreementId | null; quota_ids: string[];
  site_id: SiteId; provider_id: ProviderId; visit_type_id: VisitTypeId; service_code: ServiceCode; modality: Modality; zone: Zone;
  starts_at: Date; ends_at: Date; booked_at: Date; booked_by: string; cancel_reason: string | null; sealed_reason: string | null; sealed_answers: string | null; confidential: boolean; care: Care | null;
  series_id: SeriesId | null; series_start: Date | null; chain_id: VisitChainId | null; chain_step: number | null; cancel_free_until: Date | null; source: string | null; booking_referral: string | null;
  approve_by: Date | null; approval: ApprovalState | null; asked_at: Date | null;
}

export interface AppointmentFilter {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly patient?: PatientId;
  readonly provider?: ProviderId;
  readonly status?: AppointmentStatus;
  readonly id?: AppointmentId;
  readonly site?: SiteId;
  readonly service?: ServiceCode;
  readonly referral?: ReferralId;
  /** Begins then or later; `from` also takes what still runs then. */
  readonly startsFrom?: Instant;
  readonly after?: { readonly start: Instant; readonly id: string };
  /** Without an outcome, of this host. */
  readonly unmarked?: { readonly host: PracticeId; readonly at: Instant };
  readonly limit: number;
}

@Injectable()
export class AppointmentRepository {
  /** Throws BookingReferralUsed. */
  async insert(tx: Tx, a: Appointment): Promise<void> {
    const added = await tx.execute(
      `INSERT INTO appointment (id, revision, status, participation, host_id, booking_id, patient_id, booking_patient_id, person_id, agreement_id, quota_ids, site_id, provider_id, visit_type_id,
         service_code, modality, zone, starts_at, ends_at, booked_at, booked_by, changed_at, sealed_reason, referral_id, confidential, sealed_answers, care, series_id, series_start, chain_id, cancel_free_until, source, booking_referral, chain_step, approve_by, approval, asked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37)
       ON CONFLICT (lower(source), booking_referral) WHERE booking_referral IS NOT NULL DO NOTHING`,
      [a.id, a.revision, a.status, a.participation, a.host, a.booking, a.patient, a.bookingPatient, a.person, a.agreement, a.quotas, a.site, a.provider, a.visitType,
        a.service, a.modality, a.zone, toDate(a.start), toDate(a.end), toDate(a.bookedAt), a.bookedBy, toDate(tx.now), a.sealedReason, a.referral, a.confidential, a.sealedAnswers, json(a.care), a.series?.id ?? null, a.series ? toDate(a.series.plannedStart) : null, a.chain?.id ?? null, dateOrNull(a.cancelFreeUntil), a.origin?.source ?? null, a.origin?.bookingReferral ?? null, a.chain?.step ?? null, dateOrNull(a.approval?.by ?? null), a.approval?.state ?? null, dateOrNull(a.askedAt)],
    );
    if (added === 0) throw new BookingReferralUsed(a.origin?.source ?? '');
  }

  async update(tx: Tx, a: Appointment): Promise<Appointment> {
    await tx.execute(
      `UPDATE appointment SET revision = $2, status = $3, participation = $4, site_id = $5, provider_id = $6, visit_type_id = $7, service_code = $8, modality = $9, zone = $10, starts_at = $11, ends_at = $12,
         agreement_id = $13, quota_ids = $14, cancel_reason = $15, changed_at = $16, care = $17, series_start = $18, sealed_answers = $19, cancel_free_until = $20, approval = $21, version = version + 1 WHERE id = $1`,
      [a.id, a.revision, a.status, a.participation, a.site, a.provider, a.visitType, a.service, a.modality, a.zone, toDate(a.start), toDate(a.end), a.agreement, a.quotas, a.cancelReason, toDate(tx.now), json(a.care), a.series ? toDate(a.series.plannedStart) : null, a.sealedAnswers, dateOrNull(a.cancelFreeUntil), a.approval?.state ?? null],
    );
    return { ...a, version: a.version + 1 };
  }

  async find(sql: Sql, id: AppointmentId): Promise<Appointment | null> {
    const [row] = await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE id = $1`, [id]);
    return row ? toAppointment(row) : null;
  }

  /** After resources and holds are locked: as it is now, kept until the end of the transaction. */
  async lock(sql: Sql, id: AppointmentId): Promise<Appointment | null> {
    const [row] = await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return row ? toAppointment(row) : null;
  }

  /** What the visit takes now, the provider among it; for a seat in a group what its session takes. */
  async resourcesOf(sql: Sql, id: AppointmentId): Promise<{ readonly id: string; readonly kind: string; readonly name: string; readonly lane: number }[]> {
    return sql.query(`SELECT r.id, r.kind, r.name, o.lane FROM occupancy o JOIN resource r ON r.id = o.resource_id WHERE o.active AND ((o.appointment_id = $1 AND o.group_session_id IS NULL)
       OR (num_nonnulls(o.hold_id, o.appointment_id) = 0 AND o.group_session_id = (SELECT s.group_session_id FROM occupancy s WHERE s.appointment_id = $1 AND s.active AND s.group_session_id IS NOT NULL))) ORDER BY r.kind, r.id`, [id]);
  }

  /** Several at once, by id, which is the one lock order. */
  async lockMany(sql: Sql, ids: readonly AppointmentId[]): Promise<Appointment[]> {
    return (await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [[...ids]])).map(toAppointment);
  }

  /** The visits of a series in the order in which it gave their times, as far as the tenant sees them. */
  async ofSeries(sql: Sql, series: SeriesId): Promise<Appointment[]> {
    return (await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE series_id = $1 ORDER BY series_start, id`, [series])).map(toAppointment);
  }

  /** Linked visits by step, what was called off among them, as far as the tenant sees them. */
  async ofChain(sql: Sql, chain: VisitChainId): Promise<Appointment[]> {
    return (await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE chain_id = $1 ORDER BY chain_step, id`, [chain])).map(toAppointment);
  }

  async findMany(sql: Sql, ids: readonly AppointmentId[]): Promise<Appointment[]> {
    return (await sql.query<AppointmentRow>(`SELECT * FROM appointment WHERE id = ANY ($1::uuid[]) ORDER BY id`, [[...ids]])).map(toAppointment);
  }

  /** What the tenant hosts or booked, by start. */
  async list(sql: Sql, filter: AppointmentFilter): Promise<Appointment[]> {
    const rows = await sql.query<AppointmentRow>(
      `SELECT * FROM appointment WHERE ($1::timestamptz IS NULL OR ends_at > $1) AND ($2::timestamptz IS NULL OR starts_at < $2) AND ($3::uuid IS NULL OR patient_id = $3 OR booking_patient_id = $3)
         AND ($4::uuid IS NULL OR provider_id = $4) AND ($5::text IS NULL OR status = $5) AND ($6::timestamptz IS NULL OR (starts_at, id) > ($6, $7::uuid))
         AND ($9::uuid IS NULL OR site_id = $9) AND ($10::text IS NULL OR service_code = $10) AND ($11::timestamptz IS NULL OR starts_at >= $11) AND ($12::uuid IS NULL OR id = $12) AND ($13::uuid IS NULL OR referral_id = $13)
         AND ($14::timestamptz IS NULL OR (ends_at <= $14 AND host_id = $15 AND status IN ('pending', 'booked', 'arrived', 'checked-in'))) ORDER BY starts_at, id LIMIT $8`,
      [date(filter.from), date(filter.to), filter.patient ?? null, filter.provider ?? null, filter.status ?? null, date(filter.after?.start), filter.after?.id ?? null, filter.limit,
        filter.site ?? null, filter.service ?? null, date(filter.startsFrom), filter.id ?? null, filter.referral ?? null, date(filter.unmarked?.at), filter.unmarked?.host ?? null],
    );
    return rows.map(toAppointment);
  }

  /** False: the person has another visit then, in whatever practice of the network (P8). Lane 0 unless overridden. */
  async takePersonTime(tx: Tx, a: Pick<Appointment, 'id' | 'person' | 'start' | 'end'>, lane: number): Promise<boolean> {
    const [row] = await tx.query<{ taken: boolean }>(`SELECT take_person_time($1, $2, $3, $4, $5) AS taken`, [a.id, a.person, toDate(a.start), toDate(a.end), lane]);
    return row?.taken ?? false;
  }

  /** Notes the time of a visit that is about to be given back or moved, so that the wait list is asked; a time that has begun is nobody's any more. */
  async noteFreedTime(tx: Tx, id: AppointmentId): Promise<void> {
    await tx.execute(`SELECT note_freed_time($1, $2, $3)`, [newId<OfferRoundId>(), id, toDate(tx.now)]);
  }

  async freePersonTime(tx: Tx, id: AppointmentId): Promise<void> {
    await tx.execute(`SELECT free_person_time($1)`, [id]);
  }
}

const json = (care: Care | null): string | null => (care === null ? null : JSON.stringify(care));
const dateOrNull = (at: Instant | null): Date | null => (at === null ? null : toDate(at));
const date = (at: Instant | undefined): Date | null => (at === undefined ? null : toDate(at));

const toAppointment = (row: AppointmentRow): Appointment => ({
  id: row.id, revision: row.revision, version: row.version, status: row.status, participation: row.participation, host: row.host_id, booking: row.booking_id, patient: row.patient_id,
  bookingPatient: row.booking_patient_id, referral: row.referral_id, person: row.person_id, agreement: row.agreement_id, quotas: row.quota_ids, site: row.site_id, provider: row.provider_id, visitType: row.visit_type_id,
  service: row.service_code, modality: row.modality, zone: row.zone, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at), bookedAt: instantOfDate(row.booked_at), askedAt: instantOrNull(row.asked_at),
  bookedBy: row.booked_by, cancelReason: row.cancel_reason, cancelFreeUntil: instantOrNull(row.cancel_free_until), sealedReason: row.sealed_reason, sealedAnswers: row.sealed_answers, confidential: row.confidential, care: row.care,
  series: row.series_id !== null && row.series_start !== null ? { id: row.series_id, plannedStart: instantOfDate(row.series_start) } : null, chain: row.chain_id !== null && row.chain_step !== null ? { id: row.chain_id, step: row.chain_step } : null,
  origin: row.source === null ? null : { source: row.source, bookingReferral: row.booking_referral },
  approval: row.approve_by !== null && row.approval !== null ? { by: instantOfDate(row.approve_by), state: row.approval } : null,
});
