import { appointmentId, holdId, instantText, openingId, patientId, practiceId, providerId, referralId, siteId } from '@slotmesh/contracts';
import { type AppointmentId, type HoldId, type OpeningId } from '@slotmesh/kernel';
import { z } from 'zod';
import { cancelReasons } from '../resources/cancel-reason';
import { systems } from '../resources/r4';
import { paging, serviceOrVisitType } from './searches';
import { many, reference, words } from './values';

const left = z.unknown().optional();
/** What Argonaut and ITI-115 also know and what is not looked at here; the answer says so. */
const notConsidered = { specialty: left, 'location-string': left, 'patient-resource': left, coverage: left, reason: left, 'referral-identifier': left, timing: left, 'insurance-reference': left };
export const notConsideredNames = Object.keys(notConsidered);

/** `$find` of Argonaut Scheduling and IHE ITI-115. */
export const findRequest = z.strictObject({
  start: words.pipe(instantText).meta({ description: 'From then.' }), end: words.pipe(instantText).meta({ description: 'Until then, 120 days later at most.' }),
  practitioner: many(reference('Practitioner', providerId)).optional().meta({ description: 'By one of these.' }), 'location-reference': many(reference('Location', siteId)).optional().meta({ description: 'At one of these.' }),
  organization: many(reference('Organization', practiceId)).optional().meta({ description: 'Of one of these.' }), 'visit-type': many(serviceOrVisitType).optional().meta({ description: 'One of these services or visit types.' }),
  'service-type': many(serviceOrVisitType).optional().meta({ description: 'The same as visit-type.' }), 'patient-reference': reference('Patient', patientId).optional().meta({ description: "A patient of one's own practice: times of their other visits are left out." }),
  ...notConsidered, ...paging,
});

/** What tells of a person must not stand in a URL, which ends in logs and histories, and in the links of the answer. */
const personal = z.never('tells of a patient and must not be in a URL: POST Parameters to Appointment/$find').optional();
/** `$find` as a URL asks it. */
export const findByUrl = findRequest.extend({ 'patient-resource': personal, coverage: personal, reason: personal, 'insurance-reference': personal });

const concept = z.looseObject({ coding: z.tuple([z.looseObject({ system: z.literal(systems.cancelReason, `must be ${systems.cancelReason}`), code: z.enum(cancelReasons, 'must be a code of appointment-cancellation-reason') })]) });
export const cancelationReason = concept.transform(({ coding: [{ code }] }) => code);

const reasonCode = z.array(z.looseObject({ text: z.string().trim().min(1).max(500) })).max(1);
const participant = z.looseObject({ actor: z.looseObject({ reference: z.string() }) });
const slot = z.looseObject({ reference: reference('Slot', openingId) });
const referral = z.looseObject({ reference: reference('ServiceRequest', referralId) });

/** An Appointment as `$find` or `$hold` gave it, with the patient added; or one that is to be cancelled. */
export const givenAppointment = z.strictObject({
  resourceType: z.literal('Appointment'), id: z.string().optional(), status: z.enum(['proposed', 'pending', 'booked', 'cancelled']), cancelationReason: cancelationReason.optional(), slot: z.array(slot).max(1).optional(),
  start: instantText.optional(), end: instantText.optional(), comment: z.string().trim().min(1).max(500).optional(), reasonCode: reasonCode.optional(), basedOn: z.array(referral).max(1).optional(), participant: z.array(participant).max(20).default([]),
  meta: left, text: left, extension: left, identifier: left, serviceType: left, minutesDuration: left, created: left,
}).transform((given, context) => {
  const patients = given.participant.flatMap(({ actor }) => (/(^|\/)Patient\//.test(actor.reference) ? [patientId.safeParse(actor.reference.split('/').at(-1)).data] : []));
  if (patients.length > 1 || (patients.length === 1 && patients[0] === undefined)) context.addIssue({ code: 'custom', path: ['participant'], message: 'must name one patient by Patient/id' });
  return { id: given.id ?? given.slot?.[0]?.reference, status: given.status, reason: given.cancelationReason, start: given.start, end: given.end, comment: given.comment ?? given.reasonCode?.[0]?.text, referral: given.basedOn?.[0]?.reference ?? null, patient: patients[0] };
});
export type GivenAppointment = z.output<typeof givenAppointment>;

/** Ids of holds, like all our own, are UUIDs; ids of openings are not. */
export type Taken = { readonly hold: HoldId } | { readonly opening: OpeningId };
const takenById = words.transform((given, context): Taken => {
  const hold = holdId.safeParse(given);
  if (hold.success) return { hold: hold.data };
  const opening = openingId.safeParse(given);
  if (opening.success) return { opening: opening.data };
  context.addIssue({ code: 'custom', message: 'must be the id of an Appointment that $find or $hold gave' });
  return z.NEVER;
});
const named = { 'appt-id': takenById.optional(), 'appointment-reference': reference('Appointment', takenById).optional(), 'appt-resource': givenAppointment.optional(), 'appointment-resource': givenAppointment.optional() };
type Named = { readonly [Name in keyof typeof named]?: z.output<(typeof named)[Name]> };

function whichOf(given: Named, context: z.RefinementCtx): { readonly id: Taken; readonly resource: GivenAppointment | null } {
  const resource = given['appt-resource'] ?? given['appointment-resource'] ?? null;
  const ids = [given['appt-id'], given['appointment-reference'], ...(resource ? [takenById.safeParse(resource.id).data ?? null] : [])].filter((one) => one !== undefined);
  const [id] = ids;
  if (id && ids.length === 1) return { id, resource };
  context.addIssue({ code: 'custom', path: ['appt-id'], message: 'or appointment-reference or appt-resource is needed, one of them, with the id of an Appointment that $find or $hold gave' });
  return z.NEVER;
}

/** `$hold` of Argonaut Scheduling and IHE ITI-116. */
export const holdRequest = z.strictObject(named).transform((given, context) => {
  const { id, resource } = whichOf(given, context) ?? {};
  if (id && 'opening' in id && (resource === null || resource.status === 'proposed')) return { opening: id.opening };
  context.addIssue({ code: 'custom', path: ['appt-id'], message: 'must be a proposed Appointment: what is held or booked already cannot be held' });
  return z.NEVER;
});

export interface BookRequest {
  readonly id: Taken;
  readonly resource: GivenAppointment | null;
  readonly moves: AppointmentId | null;
  readonly patient: z.output<typeof patientId> | null;
  readonly comment: string | null;
}

/** `$book` of Argonaut Scheduling and IHE ITI-117: books, moves where it names the visit that it takes the place of, or cancels. */
export const bookRequest = z.strictObject({
  ...named, 'cancelled-appt-id': reference('Appointment', appointmentId).optional(), 'patient-id': reference('Patient', patientId).optional(), 'patient-reference': reference('Patient', patientId).optional(), comment: z.string().trim().min(1).max(500).optional(),
}).transform((given, context): BookRequest => {
  const { id, resource } = whichOf(given, context);
  const patients = new Set([given['patient-id'], given['patient-reference'], resource?.patient].filter((one) => one !== undefined));
  const [patient = null] = patients;
  if (patients.size > 1) context.addIssue({ code: 'custom', path: ['patient-id'], message: 'must be the one patient that is also named elsewhere' });
  if (patient === null && given['cancelled-appt-id'] === undefined && resource?.status !== 'cancelled') context.addIssue({ code: 'custom', path: ['patient-id'], message: "or patient-reference is needed: a patient of one's own practice" });
  return { id, resource, moves: given['cancelled-appt-id'] ?? null, patient, comment: given.comment ?? resource?.comment ?? null };
});
