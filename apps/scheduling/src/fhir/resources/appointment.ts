import { formatInstant, MINUTE, type Instant } from '@slotmesh/kernel';
import type { Appointment, Participation } from '../../appointments/domain/appointment';
import type { AppointmentStatus } from '../../appointments/domain/transitions';
import type { Hold } from '../../holds/domain/hold';
import { cancelReasonOf } from './cancel-reason';
import { type CodeableConcept, type Identifier, type Reference, type Resource, metaOf, referenceTo, systems } from './r4';
import { serviceTypesOf } from './schedule';
import type { OpeningFacts } from './slot';

type Actor = Reference<'Patient'> | Reference<'Practitioner'> | Reference<'Location'> | Reference<'HealthcareService'>;
interface Participant { readonly actor: Actor; readonly required: 'required'; readonly status: Participation }

export const HOLD_EXPIRES = 'urn:slotmesh:hold-expires';

/** app-1 to app-4 of https://hl7.org/fhir/R4/appointment.html hold by construction: actors everywhere, both times, a reason only with `cancelled` or `noshow`. */
export interface FhirAppointment extends Resource<'Appointment'> {
  readonly extension?: readonly [{ readonly url: typeof HOLD_EXPIRES; readonly valueInstant: string }];
  readonly identifier?: readonly Identifier[];
  readonly status: AppointmentStatus;
  readonly cancelationReason?: CodeableConcept;
  readonly serviceType?: readonly CodeableConcept[];
  readonly reasonCode?: readonly [CodeableConcept];
  readonly basedOn?: readonly [Reference<'ServiceRequest'>];
  readonly start: string;
  readonly end: string;
  readonly minutesDuration: number;
  readonly slot?: readonly [Reference<'Slot'>];
  readonly created?: string;
  readonly participant: readonly Participant[];
}

/** `patient` is the viewer's own record of the person, never a partner's; `reason` only for the host. `basedOn`: host and booking practice are the two of the referral. */
export function appointmentOf(visit: Appointment, patient: string, reason: string | null = null): FhirAppointment {
  const off = visit.status === 'cancelled' || visit.status === 'noshow';
  const host: Participation = visit.status === 'pending' || visit.status === 'proposed' || visit.status === 'waitlist' ? 'needs-action' : visit.status === 'cancelled' ? 'declined' : 'accepted';
  return {
    resourceType: 'Appointment', id: visit.id, meta: metaOf(visit.version), identifier: [{ system: systems.appointment, value: visit.id }], status: visit.status,
    ...(off && visit.cancelReason !== null ? { cancelationReason: cancelReasonOf(visit.cancelReason) } : {}),
    serviceType: [{ coding: [{ system: systems.service, code: visit.service }, { system: systems.visitType, code: visit.visitType }] }],
    ...(reason === null ? {} : { reasonCode: [{ text: reason }] }), ...(visit.referral === null ? {} : { basedOn: [referenceTo('ServiceRequest', visit.referral)] }), ...timesOf(visit), created: formatInstant(visit.bookedAt),
    participant: [{ actor: referenceTo('Patient', patient), required: 'required', status: visit.participation }, ...actorsOf(visit).map((actor) => ({ actor, required: 'required' as const, status: host }))],
  };
}

/** What `$find` answers: the opening as a visit that could be. */
export const proposedOf = (opening: OpeningFacts): FhirAppointment => ({
  resourceType: 'Appointment', id: opening.id, status: 'proposed', serviceType: serviceTypesOf(opening.offer), ...timesOf(opening), slot: [referenceTo('Slot', opening.id)],
  participant: [referenceTo('Practitioner', opening.offer.provider, opening.offer.providerName), referenceTo('Location', opening.offer.site, opening.offer.siteName), referenceTo('HealthcareService', opening.offer.visitType, opening.offer.visitTypeName)]
    .map((actor) => ({ actor, required: 'required', status: 'needs-action' })),
});

/**
 * What `$hold` answers (IHE ITI-116: status `pending`): the id is the hold's and goes to `$book`. Neither IHE nor R4 has a field for the end of a hold
 * (requestedPeriod is a wish of the patient, and the comment is free for the desk's own), so an extension says it.
 */
export const heldOf = (hold: Hold): FhirAppointment => ({
  resourceType: 'Appointment', id: hold.id, extension: [{ url: HOLD_EXPIRES, valueInstant: formatInstant(hold.expiresAt) }], status: 'pending', ...timesOf(hold), slot: [referenceTo('Slot', hold.opening)],
  created: formatInstant(hold.placedAt), participant: actorsOf(hold).map((actor) => ({ actor, required: 'required', status: 'needs-action' })),
});

const timesOf = ({ start, end }: { readonly start: Instant; readonly end: Instant }) => ({ start: formatInstant(start), end: formatInstant(end), minutesDuration: (end - start) / MINUTE });
const actorsOf = (at: { readonly provider: string; readonly site: string; readonly visitType: string }): Actor[] => [referenceTo('Practitioner', at.provider), referenceTo('Location', at.site), referenceTo('HealthcareService', at.visitType)];

/** A hold that was given back by cancelling it. */
export function cancelledHoldOf(hold: Hold): FhirAppointment {
  const { extension: _, ...held } = heldOf(hold);
  return { ...held, status: 'cancelled' };
}
