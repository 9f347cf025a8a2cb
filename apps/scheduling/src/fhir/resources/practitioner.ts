import { type CodeableConcept, type Reference, type Resource, coded, metaOf, referenceTo, some, systems } from './r4';

export interface ProviderFacts {
  readonly id: string; readonly practice: string; readonly name: string; readonly languages: readonly string[]; readonly active: boolean; readonly version: number;
  /** Where the provider has hours, and which visit types they give. */
  readonly sites: readonly string[]; readonly visitTypes: readonly string[];
}

export interface Practitioner extends Resource<'Practitioner'> {
  readonly active: boolean;
  readonly name: readonly [{ readonly text: string }];
  readonly communication?: readonly CodeableConcept[];
}

/** Who gives visits. */
export const practitionerOf = (provider: ProviderFacts): Practitioner => ({
  resourceType: 'Practitioner', id: provider.id, meta: metaOf(provider.version), active: provider.active, name: [{ text: provider.name }],
  ...some('communication', provider.languages.map((language) => coded(systems.language, language))),
});

export interface PractitionerRole extends Resource<'PractitionerRole'> {
  readonly active: boolean;
  readonly practitioner: Reference<'Practitioner'>;
  readonly organization: Reference<'Organization'>;
  readonly location?: readonly Reference<'Location'>[];
  readonly healthcareService?: readonly Reference<'HealthcareService'>[];
}

/** A provider at the practice: one role each, so both have the same id. */
export const practitionerRoleOf = (provider: ProviderFacts): PractitionerRole => ({
  resourceType: 'PractitionerRole', id: provider.id, meta: metaOf(provider.version), active: provider.active, practitioner: referenceTo('Practitioner', provider.id, provider.name), organization: referenceTo('Organization', provider.practice),
  ...some('location', provider.sites.map((site) => referenceTo('Location', site))), ...some('healthcareService', provider.visitTypes.map((type) => referenceTo('HealthcareService', type))),
});
