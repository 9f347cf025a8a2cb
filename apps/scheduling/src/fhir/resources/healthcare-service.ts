import type { Modality } from '../../openings/domain/opening';
import { type CodeableConcept, type Reference, type Resource, coded, metaOf, referenceTo, some, systems } from './r4';

export interface VisitTypeFacts {
  readonly id: string; readonly practice: string; readonly service: string; readonly serviceName: string; readonly name: string; readonly modality: Modality; readonly active: boolean; readonly version: number;
  readonly sites: readonly string[];
}

export interface HealthcareService extends Resource<'HealthcareService'> {
  readonly active: boolean;
  readonly providedBy: Reference<'Organization'>;
  readonly type: readonly CodeableConcept[];
  readonly location?: readonly Reference<'Location'>[];
  readonly name: string;
  readonly characteristic: readonly CodeableConcept[];
  readonly appointmentRequired: true;
}

/** A practice's own way to give a service of the catalogue. */
export const healthcareServiceOf = (type: VisitTypeFacts): HealthcareService => ({
  resourceType: 'HealthcareService', id: type.id, meta: metaOf(type.version), active: type.active, providedBy: referenceTo('Organization', type.practice), type: [coded(systems.service, type.service, type.serviceName)],
  ...some('location', type.sites.map((site) => referenceTo('Location', site))), name: type.name, characteristic: [coded(systems.modality, type.modality)], appointmentRequired: true,
});
