import { AppointmentAnswerRefused, AppointmentBooked, AppointmentCallAsked, AppointmentCallWithdrawn, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged, type EventWire, type appointmentSnapshot, type initiator } from '@slotmesh/contracts';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import { type Actor, type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { z } from 'zod';
import type { Appointment } from './domain/appointment';
import type { AppointmentStatus } from './domain/transitions';

export type SnapshotJson = z.input<typeof appointmentSnapshot>;
export type By = z.input<typeof initiator>;

/** The appointment as events and answers show it; names no person. */
export const snapshotOf = (a: Appointment): SnapshotJson => ({
  id: a.id, revision: a.revision, status: a.status, participation: a.participation, host: a.host, booking: a.booking, patient: a.patient, bookingPatient: a.bookingPatient,
  site: a.site, provider: a.provider, visitType: a.visitType, service: a.service, modality: a.modality, start: formatInstant(a.start), end: formatInstant(a.end), zone: a.zone, bookedAt: formatInstant(a.bookedAt),
  ...(a.askedAt === null ? {} : { askedAt: formatInstant(a.askedAt) }),
  ...(a.cancelFreeUntil === null ? {} : { cancelFreeUntil: formatInstant(a.cancelFreeUntil) }),
  ...(a.agreement === null || a.booking === a.host ? {} : { agreement: a.agreement }),
  ...(a.approval === null ? {} : { approval: { by: formatInstant(a.approval.by), state: a.approval.state } }),
  ...(a.series === null ? {} : { series: a.series.id }), ...(a.chain === null ? {} : { chain: a.chain.id }),
  ...(a.confidential ? { confidential: true } : {}),
});

export const byPatient: By = { kind: 'patient', practice: null };
export function initiatorOf(actor: Actor, a: Appointment): By {
  // Why first: on their own page patients act inside the host's tenancy, and are not the host.
  if (actor.kind === 'patient') return byPatient;
  return actor.practice === null || actor.kind === 'worker' ? { kind: 'system', practice: null } : { kind: actor.practice === a.host ? 'host' : 'booking', practice: actor.practice };
}

const place = (a: Appointment) => ({ key: a.id, host: a.host, booking: a.booking === a.host ? null : a.booking });

export const booked = (a: Appointment, by: By, replaces: AppointmentId | null = null): OutgoingEvent => eventOf(AppointmentBooked, place(a), { appointment: snapshotOf(a), by, ...(replaces === null ? {} : { replaces }) });
export const rescheduled = (a: Appointment, before: Appointment, by: By): OutgoingEvent =>
  eventOf(AppointmentRescheduled, place(a), { appointment: snapshotOf(a), by, previousStart: formatInstant(before.start), previousEnd: formatInstant(before.end) });
export const cancelled = (a: Appointment, by: By, reason: string, answer: string | null, goesOn = false): OutgoingEvent => eventOf(AppointmentCancelled, place(a), { appointment: snapshotOf(a), by, reason, answer, ...(goesOn ? { goesOn } : {}) });
export const confirmed = (a: Appointment, by: By, answer: string | null): OutgoingEvent => eventOf(AppointmentConfirmed, place(a), { appointment: snapshotOf(a), by, answer });
export const statusChanged = (a: Appointment, previous: AppointmentStatus, by: By): OutgoingEvent => eventOf(AppointmentStatusChanged, place(a), { appointment: snapshotOf(a), by, previous });
export const callAsked = (a: Appointment, by: By, proposals: EventWire<typeof AppointmentCallAsked>['proposals']): OutgoingEvent => eventOf(AppointmentCallAsked, place(a), { appointment: snapshotOf(a), by, reason: 'absence', proposals });
export const callWithdrawn = (a: Appointment, by: By): OutgoingEvent => eventOf(AppointmentCallWithdrawn, place(a), { appointment: snapshotOf(a), by, reason: 'absence' });
export const answerRefused = (a: Appointment, answer: string, why: EventWire<typeof AppointmentAnswerRefused>['why']): OutgoingEvent => eventOf(AppointmentAnswerRefused, place(a), { appointment: snapshotOf(a), answer, why });
