import { type ContactPoint, type Identifier, type Resource, metaOf, systems, workTelecom } from './r4';

export interface PracticeFacts { readonly id: string; readonly name: string; readonly phone: string; readonly email: string; readonly version: number }

export interface Organization extends Resource<'Organization'> {
  readonly identifier: readonly Identifier[];
  readonly active: true;
  readonly name: string;
  readonly telecom?: readonly ContactPoint[];
}

/** A practice. */
export const organizationOf = (practice: PracticeFacts): Organization => ({
  resourceType: 'Organization', id: practice.id, meta: metaOf(practice.version), identifier: [{ system: systems.practice, value: practice.id }], active: true, name: practice.name,
  ...workTelecom(practice.phone, practice.email),
});
