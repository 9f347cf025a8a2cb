import { snapshotOf, type SnapshotJson } from './appointment.events';
import type { Appointment } from './domain/appointment';
import { allowedTransitions } from './domain/transitions';
import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';

/** As a desk sees it: its own record of the patient, and what may be done next. */
export function viewOfAppointment(appointment: Appointment, viewer: PracticeId, now: Instant): Omit<SnapshotJson, 'askedAt' | 'cancelFreeUntil' | 'approval'> & { approval: NonNullable<SnapshotJson['approval']> | null; patient: string; version: number; cancelReason: string | null; cancelFreeUntil: string | null; referral: string | null; confidential: boolean; source: string | null; bookingReferral: string | null; needs: readonly string[]; extraMinutes: number; needsToArrange: readonly string[]; unmarked: boolean; allowed: string[] } {
  const own = viewer === appointment.host ? appointment.patient : (appointment.bookingPatient ?? appointment.patient);
  // Why not when it was first asked for: where it moved here from another practice, that is nobody's business here.
  const { askedAt: _, ...snapshot } = snapshotOf(appointment);
  return {
    ...snapshot, patient: own, bookingPatient: viewer === appointment.booking ? appointment.bookingPatient : null, version: appointment.version, cancelReason: appointment.cancelReason, approval: appointment.approval === null ? null : { by: formatInstant(appointment.approval.by), state: appointment.approval.state }, cancelFreeUntil: appointment.cancelFreeUntil === null ? null : formatInstant(appointment.cancelFreeUntil), referral: appointment.referral, confidential: appointment.confidential,
    source: appointment.origin?.source ?? null, bookingReferral: appointment.origin?.bookingReferral ?? null,
    needs: appointment.care?.needs ?? [], extraMinutes: appointment.care?.extraMinutes ?? 0, needsToArrange: appointment.care?.toArrange ?? [],
    unmarked: appointment.end <= now && ['pending', 'booked', 'arrived', 'checked-in'].includes(appointment.status), allowed: allowedTransitions(appointment, now),
  };
}

/** What else of linked visits the viewer sees that still stands: to call one off leaves these. */
export const viewOfLinked = (appointment: Appointment, chain: readonly Appointment[]) =>
  chain.filter(({ id, status }) => id !== appointment.id && status !== 'cancelled' && status !== 'entered-in-error')
    .map((visit) => ({ appointment: visit.id, step: visit.chain?.step ?? null, host: visit.host, service: visit.service, start: formatInstant(visit.start), end: formatInstant(visit.end), zone: visit.zone, status: visit.status }));
