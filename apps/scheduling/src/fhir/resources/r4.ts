/** FHIR R4 (4.0.1, https://hl7.org/fhir/R4): the parts of its data types that are written here. */
export interface Coding {
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
}
export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}
export interface Reference<Type extends string> {
  readonly reference: `${Type}/${string}`;
  readonly display?: string;
}
export interface Identifier {
  readonly type?: CodeableConcept;
  readonly system: string;
  readonly value: string;
}
export interface ContactPoint {
  readonly system: 'phone' | 'email';
  readonly value: string;
  readonly use?: 'work' | 'mobile' | 'home';
}
/** `versionId` is our version; it is the ETag as well. */
export interface Meta {
  readonly versionId: string;
}
export interface Resource<Type extends string> {
  readonly resourceType: Type;
  readonly id: string;
  readonly meta?: Meta;
}

/** Where codes and identifiers of this network come from. */
export const systems = {
  service: 'urn:slotmesh:service', visitType: 'urn:slotmesh:visit-type', modality: 'urn:slotmesh:modality', practice: 'urn:slotmesh:practice', appointment: 'urn:slotmesh:appointment', referral: 'urn:slotmesh:referral',
  problem: 'urn:slotmesh:problem', opening: 'urn:slotmesh:opening', language: 'urn:ietf:bcp:47', cancelReason: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
} as const;

export const metaOf = (version: number): Meta => ({ versionId: String(version) });
export const referenceTo = <Type extends string>(type: Type, id: string, display?: string): Reference<Type> => ({ reference: `${type}/${id}`, ...(display === undefined ? {} : { display }) });
export const coded = (system: string, code: string, display?: string): CodeableConcept => ({ coding: [{ system, code, ...(display === undefined ? {} : { display }) }] });
/** What a practice is reached by; where a publication does not say it, it is empty, and FHIR has no empty texts. */
export const workTelecom = (phone: string, email = ''): { readonly telecom?: readonly ContactPoint[] } =>
  some('telecom', [{ system: 'phone' as const, value: phone }, { system: 'email' as const, value: email }].filter(({ value }) => value !== '').map((point) => ({ ...point, use: 'work' as const })));
/** FHIR has no empty arrays. */
export const some = <Name extends string, Item>(name: Name, items: readonly Item[]): { readonly [K in Name]?: readonly Item[] } => (items.length > 0 ? { [name]: items } as { readonly [K in Name]: readonly Item[] } : {});
