import { type ContactPoint, type Reference, type Resource, metaOf, referenceTo, workTelecom } from './r4';

export interface SiteFacts {
  readonly id: string; readonly practice: string; readonly name: string; readonly zone: string; readonly phone: string; readonly version: number;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly latitude: number | null; readonly longitude: number | null;
}

interface Address { readonly line?: readonly [string]; readonly city?: string; readonly state?: string; readonly postalCode?: string }

export interface Location extends Resource<'Location'> {
  /** The zone of every wall time there: https://hl7.org/fhir/extensions/StructureDefinition-timezone.html */
  readonly extension: readonly [{ readonly url: 'http://hl7.org/fhir/StructureDefinition/timezone'; readonly valueCode: string }];
  readonly status: 'active';
  readonly name: string;
  readonly mode: 'instance';
  readonly telecom?: readonly ContactPoint[];
  readonly address: Address;
  readonly position?: { readonly longitude: number; readonly latitude: number };
  readonly managingOrganization: Reference<'Organization'>;
}

/** A site of a practice. */
export const locationOf = (site: SiteFacts): Location => ({
  resourceType: 'Location', id: site.id, meta: metaOf(site.version), extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: site.zone }], status: 'active', name: site.name, mode: 'instance',
  ...workTelecom(site.phone), address: addressOf(site.address),
  ...(site.latitude === null || site.longitude === null ? {} : { position: { longitude: site.longitude, latitude: site.latitude } }), managingOrganization: referenceTo('Organization', site.practice),
});

/** Publications leave parts out. */
const addressOf = ({ line, ...rest }: SiteFacts['address']): Address => ({ ...(line === '' ? {} : { line: [line] }), ...Object.fromEntries(Object.entries(rest).filter(([, part]) => part !== '')) });
