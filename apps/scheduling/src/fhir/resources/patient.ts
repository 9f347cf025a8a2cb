import type { PatientView } from '../../patients/patient.view';
import { type CodeableConcept, type ContactPoint, type Identifier, type Reference, type Resource, coded, metaOf, referenceTo, some, systems } from './r4';

export interface Patient extends Resource<'Patient'> {
  readonly identifier?: readonly Identifier[];
  readonly active: true;
  readonly name: readonly [{ readonly use: 'official'; readonly family: string; readonly given: readonly [string] }];
  readonly telecom?: readonly ContactPoint[];
  readonly birthDate: string;
  readonly deceasedBoolean: boolean;
  readonly communication: readonly [{ readonly language: CodeableConcept; readonly preferred: true }];
  readonly managingOrganization: Reference<'Organization'>;
}

/** Where a practice's record numbers come from. */
export const recordNumberSystem = (practice: string): string => `${systems.practice}:${practice}:record-number`;
export const RECORD_NUMBER = coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR');

/** A patient of the caller's own practice. */
export const patientOf = (patient: PatientView): Patient => ({
  resourceType: 'Patient', id: patient.id, meta: metaOf(patient.version),
  ...some('identifier', patient.recordNumber === null ? [] : [{ type: RECORD_NUMBER, system: recordNumberSystem(patient.practice), value: patient.recordNumber }]),
  active: true, name: [{ use: 'official', family: patient.familyName, given: [patient.givenName] }],
  ...some('telecom', [...(patient.phone === null ? [] : [{ system: 'phone' as const, value: patient.phone }]), ...(patient.email === null ? [] : [{ system: 'email' as const, value: patient.email }])]),
  birthDate: patient.birthDate, deceasedBoolean: patient.deceased, communication: [{ language: coded(systems.language, patient.language), preferred: true }], managingOrganization: referenceTo('Organization', patient.practice),
});
