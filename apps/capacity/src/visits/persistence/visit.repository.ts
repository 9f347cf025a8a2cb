import { Injectable } from '@nestjs/common';
import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { type Instant, formatInstant, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Ending } from '../domain/ending';

/** Who has one of these was booked; a cancelled visit may have been a request only. */
const TAKES_TIME: readonly AppointmentSnapshot['status'][] = ['booked', 'arrived', 'checked-in', 'fulfilled', 'noshow'];
const SETTLED: readonly AppointmentSnapshot['status'][] = ['fulfilled', 'noshow'];

@Injectable()
export class VisitRepository {
  /** The visit as it stands after the event, and how it was called off if that is what the event says (`goesOn`: another visit takes its place); a key's events come in order, so the last one stays. What it adds to the counts is seen to by a trigger. */
  async save(tx: Tx, a: AppointmentSnapshot, at: Instant, ending: Ending | null, goesOn: boolean): Promise<void> {
    await tx.execute(
      `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time, patient, request_day, cancelled_at, ended_by, late, settled_at, goes_on)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
       ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, host = excluded.host, booking = excluded.booking, site = excluded.site, provider = excluded.provider,
         visit_type = excluded.visit_type, service = excluded.service, modality = excluded.modality, start_at = excluded.start_at, end_at = excluded.end_at, zone = excluded.zone,
         day = excluded.day, booked_at = excluded.booked_at, changed_at = excluded.changed_at, took_time = visit.took_time OR excluded.took_time, patient = excluded.patient, request_day = excluded.request_day,
         cancelled_at = excluded.cancelled_at, ended_by = excluded.ended_by, late = excluded.late, goes_on = excluded.goes_on OR (visit.goes_on AND excluded.status = 'cancelled'),
         settled_at = CASE WHEN visit.status = excluded.status THEN coalesce(visit.settled_at, excluded.settled_at) ELSE excluded.settled_at END`,
      [a.id, a.revision, a.status, a.host, a.booking, a.site, a.provider, a.visitType, a.service, a.modality, formatInstant(a.start), formatInstant(a.end), a.zone, localDateOf(a.start, a.zone), formatInstant(a.bookedAt), formatInstant(at), TAKES_TIME.includes(a.status),
        a.patient, localDateOf(a.askedAt ?? a.bookedAt, a.zone), ending === null ? null : formatInstant(at), ending?.by ?? null, ending?.late ?? false, SETTLED.includes(a.status) ? formatInstant(at) : null, goesOn],
    );
  }

  /** The last confirmation stays, with the revision that it was of. */
  async confirmed(tx: Tx, a: AppointmentSnapshot, at: Instant): Promise<void> {
    await tx.execute('UPDATE visit SET confirmed_at = $2, confirmed_revision = $3 WHERE id = $1', [a.id, formatInstant(at), a.revision]);
  }
}
