import { formatInstant } from '@slotmesh/kernel';
import type { CompletedVisit } from '../../completed-visits/completed-visit';
import { type CodeableConcept, type Coding, type Identifier, type Meta, type Reference, type Resource, metaOf, referenceTo, systems } from './r4';
import { RECORD_NUMBER, recordNumberSystem } from './patient';

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const CONFIDENTIALITY = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R', display: 'restricted' };

export interface Encounter extends Resource<'Encounter'> {
  readonly meta: Meta & { readonly security?: readonly [Coding] };
  readonly identifier: readonly [Identifier];
  readonly status: 'finished';
  readonly class: Coding;
  readonly serviceType: CodeableConcept;
  readonly subject: Reference<'Patient'> & { readonly identifier?: Identifier };
  readonly basedOn?: readonly [Reference<'ServiceRequest'>];
  readonly participant: readonly [{ readonly individual: Reference<'Practitioner'> }];
  readonly appointment: readonly [Reference<'Appointment'>];
  readonly period: { readonly start: string; readonly end: string };
  readonly location: readonly [{ readonly location: Reference<'Location'> }];
  readonly serviceProvider: Reference<'Organization'>;
}

/** A visit that took place, as a billing system imports it (https://hl7.org/fhir/R4/encounter.html); the period is the planned one. A confidential one bears the security label R, restricted. */
export const encounterOf = (visit: CompletedVisit): Encounter => ({
  resourceType: 'Encounter', id: visit.id, meta: { ...metaOf(visit.version), ...(visit.confidential ? { security: [CONFIDENTIALITY] as const } : {}) }, identifier: [{ system: systems.appointment, value: visit.id }], status: 'finished',
  class: visit.modality === 'in-person' ? { system: ACT_CODE, code: 'AMB', display: 'ambulatory' } : { system: ACT_CODE, code: 'VR', display: 'virtual' },
  serviceType: { coding: [{ system: systems.service, code: visit.service }, { system: systems.visitType, code: visit.visitType, display: visit.visitTypeName }] },
  subject: { ...referenceTo('Patient', visit.patient), ...(visit.recordNumber === null ? {} : { identifier: { type: RECORD_NUMBER, system: recordNumberSystem(visit.host), value: visit.recordNumber } }) },
  ...(visit.referral === null ? {} : { basedOn: [referenceTo('ServiceRequest', visit.referral)] as const }), participant: [{ individual: referenceTo('Practitioner', visit.provider, visit.providerName) }],
  appointment: [referenceTo('Appointment', visit.id)], period: { start: formatInstant(visit.start), end: formatInstant(visit.end) }, location: [{ location: referenceTo('Location', visit.site, visit.siteName) }],
  serviceProvider: referenceTo('Organization', visit.host),
});
